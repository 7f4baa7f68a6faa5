import * as z from "zod";
import type { Alert, Digest } from "../core/alert.ts";
import { changeDocument, readDocument, UnreadableDocument } from "../core/document.ts";
import type { Store } from "../core/ports.ts";
import { isAtLeast, rank } from "../core/severity.ts";
import { sayTarget, type Target } from "../core/target.ts";
import { alertOf, unreadableCheck, unseenCheck } from "./alert.ts";
import { loadCalm, looksOf } from "./calm.ts";
import type { IncidentDocument } from "./document.ts";
import { idOf } from "./ids.ts";
import type { Policy } from "./policy.ts";
import { changeIncidents, loadIncidents } from "./stored.ts";
import { storedTargets } from "./sweep.ts";
import { isAccepted } from "./transition.ts";
import { isForDigest } from "./unknown.ts";

/** `digests/v1/last.json`: when the fleet was last told. */
const lastSchema = z.looseObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  at: z.string(),
});
const lastKey = "digests/v1/last.json";

export interface Gathering {
  readonly store: Store;
  /** Every target of the configuration. */
  readonly targets: readonly Target[];
  readonly policyOf: (target: Target) => Policy;
  /**
   * What names the digest: the time at which it was due, so that one that is made again is the same.
   */
  readonly due: Date;
  readonly now: Date;
  readonly watches?: Digest["watches"];
}

/** When the fleet was last told, or nothing where it never was. */
export const lastDigest = async (store: Store): Promise<string | undefined> =>
  (await readDocument(store, lastKey, lastSchema))?.document.at;

/** All that a morning mail says. Nothing is marked as told before `digestSent`. */
export async function gatherDigest(gathering: Gathering): Promise<Digest> {
  const { store, targets, policyOf, due, now, watches = [] } = gathering;
  const at = now.toISOString();
  const since = await lastDigest(store);
  const { seen } = await loadCalm(store);
  const configured = new Set(targets.map(sayTarget));
  // Those that left the configuration are told once, for what ended with them.
  const gone = (await storedTargets(store)).filter((target) => !configured.has(sayTarget(target)));
  const all = [...targets, ...gone.filter(({ environment }) => environment !== "adhoc")];
  const unreadable: Digest["unknown"][number][] = [];
  const known = await Promise.all(
    all.map(async (target) => {
      const document = await loadIncidents(store, target).catch((error: unknown) => {
        unreadable.push(unknownOf(error, target));
        return undefined;
      });
      return { target, document };
    }),
  );
  const isUnreadable = (target: Target) => unreadable.some(({ targets }) => targets[0] === target);
  const here = known.filter(({ target }) => configured.has(sayTarget(target)));
  const open = here.flatMap(({ target, document }) =>
    openOf(document, at).map((incident) => ({
      target,
      alert: alertOf(incident, statusOf(incident), { at, target, policy: policyOf(target) }),
    })),
  );
  const queued = (kind: "began" | "ended") =>
    known.flatMap(({ target, document }) =>
      (document?.queue ?? [])
        .filter((one) => one.kind === kind)
        .map(({ alert }) => ({ target, alert })),
    );
  return {
    id: idOf("digest", due.toISOString()),
    at,
    ...(since === undefined ? {} : { since }),
    targets: here.map(({ target, document }) => {
      const row = rowOf(target, document, at, seen[sayTarget(target)]);
      return isUnreadable(target) ? { ...row, isUnseen: true } : row;
    }),
    open: open.sort(worstFirst),
    began: queued("began").sort(worstFirst),
    ended: queued("ended").sort(worstFirst),
    unknown: [...unreadable, ...grouped(here)],
    watches: [...watches],
  };
}

/** Marks as told what a digest told, in every target's document, and that it was sent. */
export async function digestSent(
  store: Store,
  digest: Digest,
  nonce?: () => string,
): Promise<void> {
  const ids = new Set([...digest.began, ...digest.ended].map(({ alert }) => alert.id));
  const rows = new Map(digest.targets.map((row) => [sayTarget(row.target), row]));
  const others = [...digest.began, ...digest.ended].map(({ target }) => target);
  const targets = new Map(
    [...digest.targets.map(({ target }) => target), ...others].map((t) => [sayTarget(t), t]),
  );
  for (const [name, target] of targets) {
    const blind = digest.unknown.filter((one) => one.targets.some((t) => sayTarget(t) === name));
    const checks = new Set(blind.map(({ check }) => check));
    const { firstSeen = 0 } = rows.get(name) ?? {};
    const mark = (now: IncidentDocument | undefined) =>
      now && told(now, { ids, checks, firstSeen, at: digest.at });
    await changeIncidents(store, target, mark, nonce).catch((error: unknown) => {
      if (!(error instanceof UnreadableDocument)) throw error;
    });
  }
  const { id, at } = digest;
  await changeDocument(store, lastKey, lastSchema, (now) => ({
    ...now,
    schemaVersion: 1 as const,
    id,
    at,
  }));
}

interface Told {
  readonly ids: ReadonlySet<string>;
  readonly checks: ReadonlySet<string>;
  readonly firstSeen: number;
  readonly at: string;
}

const told = (now: IncidentDocument, { ids, checks, firstSeen, at }: Told): IncidentDocument => ({
  ...now,
  queue: now.queue.filter(({ alert }) => !ids.has(alert.id)),
  // What came to light meanwhile waits for the next.
  firstSeen: Math.max(0, now.firstSeen - firstSeen),
  unknown: Object.fromEntries(
    Object.entries(now.unknown).map(([check, one]) =>
      checks.has(check) && isForDigest(one)
        ? [check, { ...one, told: { at, how: "digest" as const } }]
        : [check, one],
    ),
  ),
});

/** Of a target whose document cannot be read nothing is known: it is told, and never "nothing". */
function unknownOf(error: unknown, target: Target): Digest["unknown"][number] {
  if (!(error instanceof UnreadableDocument)) throw error;
  const { message: reason, hint: cure } = error;
  return { check: unreadableCheck, reason, cure, targets: [target] };
}

/** Critical and warning, neither accepted nor folded under another. */
const openOf = (document: IncidentDocument | undefined, at: string) =>
  Object.values(document?.incidents ?? {}).filter(
    (incident) =>
      incident.state === "open" &&
      incident.under === undefined &&
      isAtLeast(incident.severity, "warning") &&
      !isAccepted(incident, at),
  );

const statusOf = ({
  check,
  flapping,
}: {
  readonly check: string;
  readonly flapping?: string | undefined;
}) => (check === unseenCheck ? "unseen" : flapping === undefined ? "opened" : "flapping");

type Row = Digest["targets"][number];

function rowOf(
  target: Target,
  document: IncidentDocument | undefined,
  at: string,
  seen?: IncidentDocument["profiles"],
): Row {
  const open = Object.values(document?.incidents ?? {}).filter(({ state }) => state === "open");
  const counted = open.filter((incident) => !isAccepted(incident, at));
  const having = (severity: Alert["severity"]) =>
    counted.filter((incident) => incident.severity === severity && incident.under === undefined)
      .length;
  const looks = Object.values(looksOf(document?.profiles ?? {}, seen)).sort();
  const lookedAt = looks.at(-1);
  return {
    target,
    ...(lookedAt === undefined ? {} : { lookedAt }),
    isUnseen: lookedAt === undefined || open.some(({ check }) => check === unseenCheck),
    blindChecks: Object.keys(document?.unknown ?? {}).length,
    critical: having("critical"),
    warning: having("warning"),
    notice: having("notice"),
    known: open.length - counted.length,
    ...(document === undefined || document.firstSeen === 0
      ? {}
      : { firstSeen: document.firstSeen }),
  };
}

/** One cause is one line, however many targets share it; numbers in its words are no difference. */
function grouped(
  here: readonly { readonly target: Target; readonly document: IncidentDocument | undefined }[],
): Digest["unknown"] {
  const all = here.flatMap(({ target, document }) =>
    Object.values(document?.unknown ?? {})
      .filter(isForDigest)
      .map((one) => ({ target, one })),
  );
  const groups = Map.groupBy(all, ({ one: { check, cause, reason } }) =>
    JSON.stringify([check, cause, reason.replace(/\d+/g, "*")]),
  );
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { check, reason, cure } = first.one;
      const targets = group.map(({ target }) => target);
      return [{ check, reason, ...(cure === undefined ? {} : { cure }), targets }];
    })
    .sort((a, b) => b.targets.length - a.targets.length);
}

interface Said {
  readonly target: Target;
  readonly alert: Alert;
}

const worstFirst = (a: Said, b: Said): number =>
  rank(b.alert.severity) - rank(a.alert.severity) ||
  (a.alert.openedAt < b.alert.openedAt ? -1 : a.alert.openedAt > b.alert.openedAt ? 1 : 0);
