import type { Alert, Bulletin } from "../core/alert.ts";
import { encode, type UnreadableDocument } from "../core/document.ts";
import { fingerprint } from "../core/fingerprint.ts";
import { sayTarget, type Target, targetKey } from "../core/target.ts";
import { alertOf } from "./alert.ts";
import { runBulletin } from "./bulletin.ts";
import { idOf } from "./ids.ts";
import type { Notifying } from "./notify.ts";
import { sendAll, type Trouble } from "./outbox.ts";
import { ownerOf, type Policy } from "./policy.ts";
import { type Arrived, step } from "./step.ts";

/**
 * A document that cannot be read (broken, or of a newer major release) is never written over. What
 * it would have kept silent or told cannot be known, so that this is said, and whatever is critical
 * with it, raw: once a state of the document and a set of critical findings.
 */
export async function tellUnreadable(
  error: UnreadableDocument,
  arrived: Arrived,
  how: { readonly policy: Policy; readonly now: Date },
  { store, delivery }: Pick<Notifying, "store" | "delivery">,
): Promise<readonly Trouble[]> {
  const { report } = arrived;
  const { target } = report;
  const seen = step(undefined, arrived, { ...how, tells: false });
  const critical = Object.values(seen.incidents).filter(({ severity }) => severity === "critical");
  const stored = await store.get(error.key);
  const mark = idOf(
    error.key,
    stored?.tag ?? "",
    ...critical.map((each) => each.fingerprint).sort(),
  );
  const key = `unreadable/v1/${targetKey(target)}/${mark}.json`;
  const why = { outlet: "store", message: mark, isKept: true, why: error.message };
  if (delivery === undefined || (await store.get(key)) !== undefined) return [why];
  const alert = unreadableAlert(error, target, report.startedAt, mark, how.policy);
  const moment = { at: report.startedAt, target, policy: how.policy };
  const behind = runBulletin(arrived.run, report);
  const bulletin: Bulletin = {
    ...{ id: idOf("unreadable", mark), at: report.startedAt, target, ...behind },
    alerts: [alert, ...critical.map((incident) => alertOf(incident, "opened", moment))],
    ...{ changes: [], alsoHere: { critical: 0, warning: 0, notice: 0 }, links: {} },
  };
  const sent = await sendAll(delivery.renderers.bulletin(bulletin), delivery);
  if (sent.isDone) await store.put(key, await encode(key, { at: report.startedAt }), "absent");
  return [why, ...sent.troubles];
}

function unreadableAlert(
  error: UnreadableDocument,
  target: Target,
  at: string,
  mark: string,
  policy: Policy,
): Alert {
  const check = "incidents/unreadable";
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
