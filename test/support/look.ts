import { openSession, type SessionLimits } from "../../lib/adapters/postgres/session.ts";
import type { Check } from "../../lib/core/check.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import type { Session, Store } from "../../lib/core/ports.ts";
import type { ProfileName } from "../../lib/core/profile.ts";
import type { Reference } from "../../lib/core/read.ts";
import { optionsOf } from "../../lib/run/choose.ts";
import type { BeforeWatch, Remembered } from "../../lib/run/examination.ts";
import { examine } from "../../lib/run/examine.ts";

interface LookSettings {
  /** The check's options as a configuration would write them. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly profile?: ProfileName;
  readonly previous?: Remembered | undefined;
  readonly baseline?: BeforeWatch | undefined;
  readonly store?: Store;
  readonly limits?: SessionLimits;
  readonly target?: { environment: string; name: string };
  readonly now?: Date;
  readonly reference?: Reference;
  /** Let each statement take its time: on a machine that is busy elsewhere, 250 ms are soon over. */
  readonly patient?: boolean;
}

/** Opens a session as the product does. */
export const sessionAt = (url: string, limits?: SessionLimits): Promise<Session> =>
  openSession({ connectionString: url }, limits);

/** One check against one real database, through the engine. */
export async function look(
  url: string,
  check: Check,
  settings: LookSettings = {},
): Promise<Outcome> {
  const { options = {}, profile = "nightly", previous, store, limits, now } = settings;
  const report = await examine({
    target: settings.target ?? { environment: "test", name: "shop" },
    profile,
    checks: [{ check, options: optionsOf(check, { ...check.presets?.[profile], ...options }) }],
    connect: async () => {
      const session = await sessionAt(url, limits);
      return settings.patient ? patient(session) : session;
    },
    store,
    clock: () => now ?? new Date(),
    deadline: (now ?? new Date()).getTime() + 60_000,
    ignore: [],
    reference: settings.reference,
    past: () => previous,
    baseline: () => settings.baseline,
  });
  const [outcome] = report.outcomes;
  if (outcome === undefined) throw new Error("no outcome");
  return outcome;
}

const patient = (session: Session): Session => ({
  server: session.server,
  cost: session.cost,
  rows: ({ id, sql }) => session.rows({ id, sql }),
  each: ({ id, sql }, begin) => session.each({ id, sql }, begin),
  [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
});

/** `severity identity` a finding, as the examples write it. */
export const saying = (outcome: Outcome): readonly string[] =>
  outcome.findings.map(({ severity, object }) => `${severity} ${object.identity}`);
