import type { Bulletin } from "../core/alert.ts";
import { encode } from "../core/document.ts";
import { fingerprint } from "../core/fingerprint.ts";
import type { Store } from "../core/ports.ts";
import { idOf } from "../incidents/ids.ts";
import { type Delivery, sendAll, type Trouble } from "../incidents/outbox.ts";
import type { PlacedTarget } from "./place.ts";

interface Root {
  readonly name: string;
  readonly until: Date;
}

export interface Roots {
  readonly fleet: readonly PlacedTarget[];
  /** What vouches for a host. */
  readonly rootsFor: (host: string) => readonly Root[];
  readonly store: Store;
  readonly delivery: Delivery;
  readonly now: Date;
}

const day = 86_400_000;

/** Days before its end at which it is told, once each. */
const stages = [7, 30, 90];

const check = "server/trust-expires";

/**
 * Tells of roots that vouch for databases and are about to expire: a newer pgvigil brings newer
 * ones, and without it no connection is made any more.
 */
export async function tellExpiring({
  fleet,
  rootsFor,
  store,
  delivery,
  now,
}: Roots): Promise<readonly Trouble[]> {
  const troubles: Trouble[] = [];
  const told = new Set<string>();
  for (const placed of fleet) {
    for (const root of rootsFor(placed.host)) {
      const left = (root.until.getTime() - now.getTime()) / day;
      const stage = stages.find((days) => left <= days);
      if (left < 0 || stage === undefined || told.has(root.name)) continue;
      told.add(root.name);
      const id = idOf(check, root.name, root.until.toISOString(), stage);
      const place = `digests/v1/roots/${id}.json`;
      if ((await store.get(place)) !== undefined) continue;
      const bulletin = bulletinOf(root, placed, { id, days: Math.floor(left), now });
      const sent = await sendAll(delivery.renderers.bulletin(bulletin), delivery);
      troubles.push(...sent.troubles);
      if (sent.isDone) await store.put(place, await encode(place, { at: bulletin.at }), "absent");
    }
  }
  return troubles;
}

function bulletinOf(
  { name, until }: Root,
  { target }: PlacedTarget,
  { id, days, now }: { readonly id: string; readonly days: number; readonly now: Date },
): Bulletin {
  const object = { kind: "certificate", identity: name };
  const at = now.toISOString();
  const severity = days <= 7 ? ("critical" as const) : ("warning" as const);
  const alert = {
    ...{ id, status: "event" as const, at, check, severity, openedAt: at },
    title: "A root that vouches for databases expires",
    why: "After that day no certificate of these databases is believed, and nobody can look.",
    ...{ samples: [], consequences: [] },
    finding: {
      ...{ object, severity, evidence: { until: until.toISOString() } },
      fingerprint: fingerprint(check, target, object),
      summary: `${name} expires in ${days} days, on ${until.toISOString().slice(0, 10)}`,
      remedy: {
        summary:
          "Deploy a newer pgvigil, which brings newer roots; rotate the databases' own certificates as RDS says.",
      },
    },
  };
  return {
    ...{ id, at, target, alerts: [alert], changes: [], notChecked: [], links: {} },
    alsoHere: { critical: 0, warning: 0, notice: 0 },
  };
}
