import type { Curve } from "../core/watch.ts";

const blocks = "▁▂▃▄▅▆▇█";
const plain = "_,-~=+*#";
const gap = { blocks: "·", plain: "." } as const;

/**
 * A curve in one line, from zero to its greatest value. Where it has more points than there are
 * columns, a column is as high as the highest of its points; what was missed is a dot.
 */
export function sparkline(points: Curve["points"], width: number, ascii: boolean): string {
  const highs = columnsOf(points, width);
  const top = Math.max(0, ...highs.flatMap((high) => high ?? []));
  const ramp = ascii ? plain : blocks;
  return highs
    .map((high) => {
      if (high === null) return ascii ? gap.plain : gap.blocks;
      const share = top > 0 ? Math.max(0, high) / top : 0;
      return ramp[Math.min(ramp.length - 1, Math.round(share * (ramp.length - 1)))];
    })
    .join("");
}

function columnsOf(points: Curve["points"], width: number): readonly (number | null)[] {
  const columns = Math.min(width, points.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * points.length) / columns);
    const until = Math.floor(((column + 1) * points.length) / columns);
    const known = points.slice(from, until).flatMap((point) => (point === null ? [] : [point[1]]));
    return known.length === 0 ? null : Math.max(...known);
  });
}

/** Least, most and last of a curve; nothing where nothing is known. */
export function rangeOf(points: Curve["points"]) {
  const known = points.filter((point) => point !== null);
  const last = known.at(-1);
  if (last === undefined) return undefined;
  return {
    least: Math.min(...known.map(([least]) => least)),
    most: Math.max(...known.map(([, most]) => most)),
    last: last[1],
  };
}
