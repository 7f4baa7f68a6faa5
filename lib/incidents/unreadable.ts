import type { Alert, Bulletin } from "../core/alert.ts";
import { encode, type UnreadableDocument } from "../core/document.ts";
import { fingerprint } from "../core/fingerprint.ts";
import { sayTarget, type Target, targetKey } from "../core/target.ts";
import { alertOf, unreadableCheck } from "./alert.ts";
import { type Behind, runBulletin } from "./bulletin.ts";
import { idOf } from "./ids.ts";
import type { Moment } from "./moment.ts";
import type { Notifying } from "./notify.ts";
import { sendAll, type Trouble } from "./outbox.ts";
import { ownerOf, type Policy } from "./policy.ts";
import { type Arrived, step } from "./step.ts";

type How = { readonly policy: Policy; readonly now: Date };
type Sending = Pick<Notifying, "store" | "delivery">;

/**
 * A document that cannot be read (broken, or of a newer major release) is never written over. What
 * it would have kept silent or told cannot be known, so that this is said, and whatever is critical
 * with it, raw: once a state of the document and a set of critical findings.
 */
export async function tellUnreadable(
  error: UnreadableDocument,
  arrived: Arrived,
  how: How,
  sending: Sending,
): Promise<readonly Trouble[]> {
  const { target, startedAt: at } = arrived.report;
  const seen = step(undefined, arrived, { ...how, tells: false });
  const moment = { at, target, policy: how.policy };
  const critical = Object.values(seen.incidents)
    .filter(({ severity }) => severity === "critical")
    .map((incident) => alertOf(incident, "opened", moment));
  return tell(error, critical, { ...moment, ...runBulletin(arrived.run, arrived.report) }, sending);
}

/** The same where time alone is behind it: nobody may look at that target for a day. */
export const tellUnreadableAt = (
  error: UnreadableDocument,
  moment: Pick<Moment, "at" | "target" | "policy">,
  sending: Sending,
): Promise<readonly Trouble[]> => tell(error, [], { ...moment, notChecked: [] }, sending);

async function tell(
  error: UnreadableDocument,
  critical: readonly Alert[],
  { at, target, policy, ...behind }: Pick<Moment, "at" | "target" | "policy"> & Behind,
  { store, delivery }: Sending,
): Promise<readonly Trouble[]> {
  const stored = await store.get(error.key);
  const fingerprints = critical.map(({ finding }) => finding.fingerprint).sort();
  const mark = idOf(error.key, stored?.tag ?? "", ...fingerprints);
  const key = `unreadable/v1/${targetKey(target)}/${mark}.json`;
  const why = { outlet: "store", message: mark, isKept: true, why: error.message };
  if (delivery === undefined || (await store.get(key)) !== undefined) return [why];
  const bulletin: Bulletin = {
    ...{ id: idOf("unreadable", mark), at, target, ...behind },
    alerts: [unreadableAlert(error, target, at, mark, policy), ...critical],
    ...{ changes: [], alsoHere: { critical: 0, warning: 0, notice: 0 }, links: {} },
  };
  const sent = await sendAll(delivery.renderers.bulletin(bulletin), delivery);
  if (sent.isDone) await store.put(key, await encode(key, { at }), "absent");
  return [why, ...sent.troubles];
}

function unreadableAlert(
  error: UnreadableDocument,
  target: Target,
  at: string,
  mark: string,
  policy: Policy,
): Alert {
  const check = unreadableCheck;
  const object = { kind: "document", identity: error.key };
  const owner = ownerOf(policy, object);
  const severity = "critical" as const;
  const summary = `The incidents of ${sayTarget(target)} cannot be read: ${error.message}`;
  const finding = {
    ...{ object, severity, summary, evidence: {}, fingerprint: fingerprint(check, target, object) },
    detail: ["Until it is mended nothing is known of what was told, acknowledged or resolved."],
    remedy: {
      summary:
        "Use the release that wrote it, or move the document out of the store: incidents begin anew.",
    },
  };
  return {
    ...{
      id: idOf(check, mark),
      status: "unreadable" as const,
      at,
      check,
      severity,
      finding,
      openedAt: at,
    },
    title: "The record of incidents cannot be read",
    why: "What was told, acknowledged and resolved is in it: alerts of this target are raw without it.",
    ...{ samples: [], consequences: [] },
    ...(owner === undefined ? {} : { owner }),
  };
}
