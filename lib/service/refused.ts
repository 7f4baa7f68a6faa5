import type { Bulletin } from "../core/alert.ts";
import { encode } from "../core/document.ts";
import { fingerprint } from "../core/fingerprint.ts";
import type { Store } from "../core/ports.ts";
import type { Target } from "../core/target.ts";
import { idOf } from "../incidents/ids.ts";
import { type Delivery, sendAll, type Trouble } from "../incidents/outbox.ts";

export interface RefusedRun {
  readonly key: string;
  readonly why: string;
  readonly now: Date;
}

const check = "runs/refused";

/**
 * What came as a run and is none: broken, of a newer major release, or not what its key says. It
 * is told raw, once, and never silence.
 */
export async function tellRefused(
  { key, why, now }: RefusedRun,
  { store, delivery }: { readonly store: Store; readonly delivery: Delivery },
): Promise<readonly Trouble[]> {
  const mark = idOf(check, key);
  const place = `unreadable/v1/runs/${mark}.json`;
  const trouble = { outlet: "store", message: mark, isKept: false, why };
  if ((await store.get(place)) !== undefined) return [trouble];
  const bulletin = bulletinOf({ key, why, now }, mark);
  const { isDone, troubles } = await sendAll(delivery.renderers.bulletin(bulletin), delivery);
  if (isDone) await store.put(place, await encode(place, { key, at: bulletin.at }), "absent");
  return [trouble, ...troubles];
}

function bulletinOf({ key, why, now }: RefusedRun, id: string): Bulletin {
  const environment = /-(?<name>[^/=]+)=[0-9a-f]{8}-/.exec(key)?.groups?.name ?? "unknown";
  const target: Target = { environment: environment.replace(/^\d{8}T\d{6}Z-/, ""), name: "runs" };
  const object = { kind: "run", identity: key };
  const at = now.toISOString();
  const severity = "critical" as const;
  return {
    ...{ id, at, target, changes: [], notChecked: [], links: {} },
    alerts: [
      {
        ...{ id, status: "unreadable", at, check, severity, openedAt: at },
        title: "A run cannot be taken in",
        why: "What it saw is in no incident: nobody is told of it.",
        ...{ samples: [], consequences: [] },
        finding: {
          ...{ object, severity, evidence: {}, fingerprint: fingerprint(check, target, object) },
          summary: `A run was refused: ${why}`,
          remedy: {
            summary:
              "Which release of pgvigil wrote it, and may that principal write there? The object is still in the bucket.",
          },
        },
      },
    ],
    alsoHere: { critical: 0, warning: 0, notice: 0 },
  };
}
