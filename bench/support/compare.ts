import { type Candidate, type Figures, inTurn } from "./measure.ts";
import { proxyTo, type Traffic } from "./proxy.ts";
import { table } from "./table.ts";

const head = [
  "",
  "wall s",
  "ratio",
  "cpu s",
  "peak MB",
  "statements",
  "round trips",
  "connections",
];

const ratio = (a: number, b: number): string => (a / b).toFixed(2);

export interface Contest {
  readonly title: string;
  readonly server: { readonly host: string; readonly port: number };
  readonly roundTripMs?: number;
  readonly runs: number;
  /** The first is what the others' ratios are of. */
  readonly candidates: (port: number) => readonly Candidate[];
}

/**
 * Prints a table: each candidate in turn, through a proxy that counts, and delays where asked to.
 *
 * @returns the medians, by name
 */
export async function compare(contest: Contest): Promise<ReadonlyMap<string, Figures>> {
  const { title, server, roundTripMs = 0, runs } = contest;
  await using proxy = await proxyTo(server.host, server.port, roundTripMs);
  const candidates = contest.candidates(proxy.port);
  const several = candidates.filter(({ isOnce }) => !isOnce);
  const figures = new Map(await inTurn(several, runs, process.env));
  const traffic = new Map<string, Traffic>();
  for (const candidate of candidates) {
    proxy.reset();
    const one = await inTurn([candidate], candidate.isOnce ? 1 : 0, process.env);
    if (candidate.isOnce) for (const [name, figure] of one) figures.set(name, figure);
    traffic.set(candidate.name, { ...proxy.traffic });
  }
  const base = figures.get(candidates[0]?.name ?? "");
  const rows = candidates.flatMap(({ name, isOnce }) => {
    const f = figures.get(name);
    const t = traffic.get(name);
    if (f === undefined || t === undefined || base === undefined) return [];
    const { statements, roundTrips, connections } = t;
    return [
      [
        isOnce ? `${name}, once` : name,
        f.wall.toFixed(2),
        ratio(f.wall, base.wall),
        f.cpu.toFixed(2),
        f.peakMb.toFixed(0),
        ...[statements, roundTrips, connections].map(String),
      ],
    ];
  });
  console.log(`\n${title}\n${table(head, rows)}`);
  return figures;
}
