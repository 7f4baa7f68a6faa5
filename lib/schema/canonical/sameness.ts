import { count } from "../../core/units.ts";

/** Why two values that are not equal are no difference. */
export type Sameness = keyof typeof sayings;

/** How many attributes are the same for each reason. */
export type Alike = Partial<Record<Sameness, number>>;

interface Majors {
  readonly older: number;
  readonly newer: number;
}

const by = ({ older, newer }: Majors): string =>
  older === newer ? "" : ` by PostgreSQL ${older} and ${newer}`;

const sayings = {
  definition: (n: number, majors: Majors) =>
    `${count(n, "definition")} printed differently${by(majors)}, the same by its parser`,
  /** No sameness at all: who counts them says that he does not know (`judgement.ts`). */
  unparsed: (n: number, majors: Majors) =>
    `${count(n, "definition")} printed differently${by(majors)}, not compared without a parser`,
  name: (n: number, majors: Majors) =>
    `${count(n, "reference")} to other objects printed differently${by(majors)}, the same name`,
  notNullName: (n: number, { older, newer }: Majors) =>
    `${count(n, "NOT NULL constraint")} printed differently by major: named in PostgreSQL ${newer}, and ${older} keeps no such names`,
  version: (n: number, { older, newer }: Majors) =>
    `${count(n, "extension")} of the version that each of PostgreSQL ${older} and ${newer} brings`,
  maintain: (n: number) =>
    `${count(n, "grant")} of ALL, which holds MAINTAIN from PostgreSQL 17 on`,
  locale: (n: number, { older, newer }: Majors) =>
    `${count(n, "ICU locale")} kept as written by PostgreSQL ${older}, as a language tag by ${newer}`,
  made: (n: number, { older, newer }: Majors) =>
    `${count(n, "default")} of PostgreSQL ${older} and of ${newer}, untouched (schema public, subscriptions)`,
} as const satisfies Readonly<Record<string, (n: number, majors: Majors) => string>>;

/** For the scope, a phrase a reason: nobody need act, and it is not silently equal. */
export function sayAlike(alike: Alike, one: number, other: number): readonly string[] {
  const majors = { older: Math.min(one, other), newer: Math.max(one, other) };
  return Object.entries(sayings).flatMap(([reason, say]) => {
    const n = new Map(Object.entries(alike)).get(reason) ?? 0;
    return n > 0 ? [say(n, majors)] : [];
  });
}
