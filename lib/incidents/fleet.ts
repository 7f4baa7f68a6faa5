import type { Alert, Bulletin, Message, Topic } from "../core/alert.ts";
import { rank } from "../core/severity.ts";
import { sayTarget, type Target } from "../core/target.ts";
import { count } from "../core/units.ts";
import { idOf } from "./ids.ts";
import { type Delivery, sendAll, type Trouble } from "./outbox.ts";
import type { Written } from "./stored.ts";

/** What people read; machines, and who is paged, hear of each target by itself. */
const shared: readonly Topic[] = ["alerts", "chat"];

const namedTargets = 12;

/** A message carries the names of its targets, for subscriptions to filter by. */
const mostTargets = 50;

/** What a check cannot say, or can say again: told once over the targets of a run. */
export const isOfSight = ({ status, finding }: Alert): boolean =>
  finding.object.kind === "check" &&
  finding.evidence.cause !== undefined &&
  (status === "unknown" || status === "resolved");

export const isAllOfSight = ({ alerts }: Bulletin): boolean => alerts.every(isOfSight);

interface Shared {
  /** By bulletin, `<outlet> <topic> <message id>` of what it need not say again. */
  readonly taken: ReadonlyMap<string, readonly string[]>;
  /** Outlets that took nothing away: what comes later waits. */
  readonly down: ReadonlySet<string>;
  readonly troubles: readonly Trouble[];
}

/**
 * Says once what the checks cannot say of several targets, instead of each of their own messages:
 * those are marked as taken, and nothing else is changed. So a crash before the marks are written
 * repeats the same message where the run is taken in again, and says it target by target where
 * nobody does.
 */
export async function shareSight(all: readonly Written[], delivery: Delivery): Promise<Shared> {
  const waiting = all.flatMap(({ document }) =>
    document.outbox.filter(({ bulletin }) => isAllOfSight(bulletin)),
  );
  // Whoever subscribes to an environment or an owner hears of those alone.
  const kinds = Map.groupBy(waiting, ({ bulletin: { run, target, alerts } }) =>
    JSON.stringify([run?.id, target.environment, alerts.map(({ owner }) => owner?.name)[0]]),
  );
  const groups = [...kinds.values()].flatMap((kind) =>
    Array.from({ length: Math.ceil(kind.length / mostTargets) }, (_, i) =>
      kind.slice(i * mostTargets, (i + 1) * mostTargets),
    ),
  );
  const taken = new Map<string, readonly string[]>();
  const down = new Set<string>();
  const troubles: Trouble[] = [];
  for (const group of groups) {
    const own = group.map(({ bulletin, taken }) => ({
      ...{ id: bulletin.id, before: taken },
      messages: delivery.renderers.bulletin(bulletin),
    }));
    const messages = delivery.renderers.bulletin(combined(group.map((one) => one.bulletin)));
    for (const outlet of group.length < 2 ? [] : delivery.outlets) {
      for (const topic of shared) {
        const marksOf = (of: readonly Message[]) =>
          of
            .filter((each) => each.topic === topic)
            .map(({ id }) => `${outlet.name} ${topic} ${id}`);
        const isBegun = own.some((one) =>
          marksOf(one.messages).some((mark) => one.before.includes(mark)),
        );
        const said = messages.filter((message) => message.topic === topic);
        if (isBegun || said.length === 0) continue;
        const sent = await sendAll(said, { ...delivery, outlets: [outlet] }, [], down);
        troubles.push(...sent.troubles);
        if (!sent.isDone) continue;
        for (const { id, messages } of own) {
          taken.set(id, [...(taken.get(id) ?? []), ...marksOf(messages)]);
        }
      }
    }
  }
  return { taken, down, troubles };
}

/** One bulletin of several; its id hangs on what is in it, so that the same again is the same. */
function combined(bulletins: readonly Bulletin[]): Bulletin {
  const [first] = bulletins;
  if (first === undefined) throw new Error("nothing to combine");
  const groups = Map.groupBy(
    bulletins.flatMap(({ target, alerts }) => alerts.map((alert) => ({ target, alert }))),
    ({ alert: { status, check, finding } }) =>
      JSON.stringify([status, check, finding.evidence.cause, plainReason(finding.evidence.reason)]),
  );
  const alerts = [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [ofSeveral([first, ...others])],
  );
  const targets = bulletins.map(({ target }) => target);
  const { watch: _, ...rest } = first;
  return {
    ...rest,
    id: idOf("bulletins", ...bulletins.map(({ id }) => id).sort()),
    at:
      bulletins
        .map(({ at }) => at)
        .sort()
        .at(-1) ?? first.at,
    target: { environment: first.target.environment, name: "*" },
    targets,
    alerts: alerts.toSorted((a, b) => rank(b.severity) - rank(a.severity)),
    ...{ changes: [], alsoHere: { critical: 0, warning: 0, notice: 0 }, notChecked: [] },
  };
}

/** Numbers in its words are no difference, as in the digest. */
const plainReason = (reason: unknown): string => String(reason).replace(/\d+/g, "*");

interface Of {
  readonly target: Target;
  readonly alert: Alert;
}

function ofSeveral([first, ...others]: readonly [Of, ...Of[]]): Alert {
  const group = [first, ...others];
  const { alert } = first;
  const names = group.map(({ target }) => sayTarget(target)).sort();
  const more = names.length - namedTargets;
  const whom = others.length === 0 ? names.join("") : count(names.length, "target");
  const summary = `${whom}: ${alert.finding.summary}`;
  return {
    ...alert,
    id: idOf("alerts", ...group.map((one) => one.alert.id).sort()),
    openedAt: group.map((one) => one.alert.openedAt).sort()[0] ?? alert.openedAt,
    finding: {
      ...alert.finding,
      summary,
      detail: [
        `On ${names.slice(0, namedTargets).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
      ],
    },
    ...(alert.peak === undefined ? {} : { peak: { ...alert.peak, summary } }),
  };
}
