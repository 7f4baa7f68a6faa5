import { majorOf } from "../core/server.ts";
import { sayTime } from "../core/units.ts";
import type { Closing, Look, Watch } from "../core/watch.ts";

type Event = Closing["events"][number];

const minute = 60_000;

/** What happened to the server itself, from one look to the next. */
export function eventsOf(watch: Watch): readonly Event[] {
  const answered = watch.looks.filter(({ server }) => server !== undefined);
  const changes = answered.flatMap((look, i) => {
    const before = answered[i - 1];
    return before === undefined
      ? []
      : changesBetween(before, look).map((text) => ({ at: look.at, text }));
  });
  return [...changes, ...silences(watch.looks)].sort((a, b) => (a.at < b.at ? -1 : 1));
}

function changesBetween(before: Look, look: Look): readonly string[] {
  const [then, now] = [before.server, look.server];
  if (then === undefined || now === undefined) return [];
  if (then.systemIdentifier !== now.systemIdentifier && now.systemIdentifier !== null) {
    return ["another server answered: restored, cloned or replaced"];
  }
  const role = ({ inRecovery }: typeof now) => (inRecovery ? "replica" : "primary");
  if (then.inRecovery !== now.inRecovery) {
    return [`the ${role(then)} that answered became a ${role(now)}`];
  }
  if (majorOf(then) !== majorOf(now)) return [`upgraded from ${then.version} to ${now.version}`];
  if (then.startedAt !== now.startedAt) {
    if (then.timeline !== now.timeline && now.timeline !== null && then.timeline !== null) {
      return [`it failed over: timeline ${then.timeline} became ${now.timeline}`];
    }
    // One that had started before our last look is another node; of replicas any may answer.
    const isRestart = Date.parse(now.startedAt) > Date.parse(before.at) - minute;
    if (isRestart) return ["it was restarted"];
    return now.inRecovery ? [] : ["it failed over: another server answers as the primary"];
  }
  const [counted, since] = [before.vitals?.countedSince, look.vitals?.countedSince];
  const isReset = since !== undefined && counted !== undefined && since !== counted;
  return isReset ? ["its statistics were reset"] : [];
}

/** Looks in a row that nobody answered. */
function silences(looks: readonly Look[]): readonly Event[] {
  const begins = looks.filter(
    ({ server }, i) => server === undefined && looks[i - 1]?.server !== undefined,
  );
  const first = looks[0]?.server === undefined ? looks.slice(0, 1) : [];
  return [...first, ...begins].map(({ at }) => {
    const end = looks.find((look) => look.at > at && look.server !== undefined);
    return {
      at,
      text: end === undefined ? "it did not answer" : `it did not answer until ${sayTime(end.at)}`,
    };
  });
}
