import type { Figures } from "./measure.ts";

/** What a full snapshot of any size is to keep to; those of 100 tables are all start-up. */
const goals = { timesFloor: 1.2, fasterThanDump: 2.5, peakMb: 96 } as const;

interface Names {
  readonly floor: string;
  readonly snapshot: string;
  readonly dump: string;
}

/** The goals, each with what was measured; what another program is needed for may be absent. */
export function sayGoals(names: Names, figures: ReadonlyMap<string, Figures>): string {
  const { floor, snapshot, dump } = {
    floor: figures.get(names.floor),
    snapshot: figures.get(names.snapshot),
    dump: figures.get(names.dump),
  };
  if (snapshot === undefined) return "";
  const { timesFloor, fasterThanDump, peakMb } = goals;
  const is = (met: boolean) => (met ? "met" : "missed");
  const said = [
    `at most ${peakMb} MB: ${snapshot.peakMb.toFixed(0)}, ${is(snapshot.peakMb <= peakMb)}`,
  ];
  if (floor !== undefined) {
    const times = snapshot.wall / floor.wall;
    said.push(
      `at most ${timesFloor} of the floor: ${times.toFixed(2)}, ${is(times <= timesFloor)}`,
    );
  }
  if (dump !== undefined) {
    const faster = dump.wall / snapshot.wall;
    const isMet = faster >= fasterThanDump;
    said.push(`${fasterThanDump} times faster than pg_dump: ${faster.toFixed(2)}, ${is(isMet)}`);
  }
  return `goals: ${said.join("; ")}`;
}
