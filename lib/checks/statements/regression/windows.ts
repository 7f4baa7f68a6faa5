import type { Past } from "../../../core/past.ts";
import { keysIn } from "../../reads/key-set.ts";
import type { StatementCounters, StatementLook } from "../../reads/statement-counters.ts";
import type { Picture, Remembered, Span, Window } from "./memory.ts";

/** A statement since its window began, and how it was before. */
export interface Course {
  readonly statement: StatementCounters;
  readonly span: Span;
  /** Enough calls to judge them; else `last` holds, what the window before it said. */
  readonly isFull: boolean;
  readonly last: Span | null;
  readonly usual: Usual;
  readonly text: string | null;
}

type Usual =
  | { readonly kind: "known" | "by its text"; readonly calls: number; readonly ms: number }
  | { readonly kind: "new" }
  | { readonly kind: "not known" };

export const pictureOf = ({ at, statements, known }: StatementLook): Picture => ({
  at,
  known,
  statements: Object.fromEntries(
    statements.map(({ key, calls, ms, print }) => [key, [calls, round(ms), print ?? ""] as const]),
  ) as Picture["statements"],
});

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

/** What each statement did since its window began, the windows being as full as they are. */
export function coursesOf(
  look: StatementLook,
  last: Past<Remembered>,
  usual: Picture,
  calls: number,
): readonly Course[] {
  const usualOf = usualIn(usual);
  const wasThere = keysIn(last.memory.now.known ?? "");
  const isReset = wasReset(last.memory, look);
  return look.statements.flatMap((statement) => {
    const { key } = statement;
    const before = usualOf(statement);
    const window = last.memory.windows[key] ?? { from: null, last: null, text: null };
    const start = startOf(statement, { window, last, isReset, look, wasThere });
    if (start === undefined) return [];
    const span: Span = {
      calls: statement.calls - start.calls,
      ms: statement.ms - start.ms,
      from: start.at,
      to: look.at,
    };
    // An entry that was evicted and came again counts from zero, and is no difference at all.
    const isSane = span.ms >= 0 && meanOf(span) <= statement.maxMs * 1.01 + 1;
    if (span.calls > 0 && !isSane && statement.maxMs > 0) return [];
    const text = statement.text ?? window.text;
    return [
      { statement, span, isFull: span.calls >= calls, last: window.last, usual: before, text },
    ];
  });
}

/** Before 1.9 the extension does not say when: then most of what was counted is gone or less. */
function wasReset({ resetAt, now }: Remembered, look: StatementLook): boolean {
  if (look.resetAt !== null) return look.resetAt !== resetAt;
  const isThere = keysIn(look.known ?? "");
  const current = new Map(look.statements.map((one) => [one.key, one]));
  const before = Object.entries(now.statements);
  const gone = before.filter(([key, [calls, ms]]) => {
    const one = current.get(key);
    return !isThere(key) || (one !== undefined && isBelow(one, { calls, ms }));
  }).length;
  return gone > before.length / 2;
}

interface Around {
  readonly window: Window;
  readonly last: Past<Remembered>;
  readonly isReset: boolean;
  readonly look: StatementLook;
  readonly wasThere: (key: string) => boolean;
}

/** The counters from which to count on. */
function startOf(
  { key, calls, ms, since }: StatementCounters,
  { window, last, isReset, look, wasThere }: Around,
): { readonly calls: number; readonly ms: number; readonly at: string } | undefined {
  const kept = last.memory.now.statements[key];
  const { at } = last.memory.now;
  const from =
    window.from ?? (kept === undefined ? undefined : { at, calls: kept[0], ms: kept[1] });
  const isAnew =
    isReset ||
    (since !== null && since > (from?.at ?? at)) ||
    (from !== undefined && isBelow({ calls, ms }, from)) ||
    (from === undefined && since === null && !wasThere(key));
  if (isAnew) return { calls: 0, ms: 0, at: since ?? (isReset ? (look.resetAt ?? at) : at) };
  // Undefined: it was there and not kept; from now on it is.
  return from;
}

interface Sum {
  readonly calls: number;
  readonly ms: number;
}

/** No counter sinks, and none takes time without a call: it was set to zero between. */
const isBelow = (now: Sum, then: Sum): boolean =>
  now.calls < then.calls ||
  now.ms < then.ms - rounding ||
  (now.calls === then.calls && now.ms > then.ms + rounding);

/** Milliseconds that a remembered sum may be away from what it was. */
const rounding = 0.01;

/** How each was: under its key, under another query id with the same text, or not at all. */
function usualIn(picture: Picture): (statement: StatementCounters) => Usual {
  const isKnown = picture.known === null ? undefined : keysIn(picture.known);
  const prints = Map.groupBy(
    Object.values(picture.statements).filter(([, , print]) => print !== ""),
    ([, , print]) => print,
  );
  return ({ key, print, since }) => {
    const own = picture.statements[key];
    if (own !== undefined) return { kind: "known", calls: own[0], ms: own[1] };
    const alike = print === null ? undefined : prints.get(print);
    if (alike !== undefined) {
      const sum = (at: 0 | 1) => alike.reduce((total, one) => total + one[at], 0);
      return { kind: "by its text", calls: sum(0), ms: sum(1) };
    }
    if (since !== null) return { kind: since > picture.at ? "new" : "not known" };
    return { kind: isKnown === undefined || isKnown(key) ? "not known" : "new" };
  };
}

/** Milliseconds a call. */
export const meanOf = ({ calls, ms }: Sum): number => (calls === 0 ? 0 : ms / calls);

/** A full window begins anew; one that was slow is kept until the next is full. */
export function windowsAfter(
  courses: readonly Course[],
  isSlow: (course: Course) => boolean,
): Record<string, Window> {
  const entries = courses.flatMap((course): readonly (readonly [string, Window])[] => {
    const { statement, span, isFull, last, text } = course;
    const slow = isFull ? (isSlow(course) ? span : null) : last;
    const [calls, ms] = [statement.calls - span.calls, statement.ms - span.ms];
    const window: Window = {
      from: isFull || span.calls === 0 ? null : { at: span.from, calls, ms },
      last: slow,
      text: slow === null ? null : text,
    };
    return window.from === null && slow === null ? [] : [[statement.key, window]];
  });
  return Object.fromEntries(entries);
}
