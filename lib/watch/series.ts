import type { Point, Watch } from "../core/watch.ts";

/** Lines that a document keeps, and points of each. */
const mostSeries = 48;
const mostPoints = 96;

/** Numbers of one look, each in its line. A line that would be one too many is not begun. */
export function withPoint(
  series: Watch["series"],
  slot: number,
  values: Readonly<Record<string, number>>,
): Watch["series"] {
  const all = { ...series };
  for (const [name, value] of Object.entries(values)) {
    const points = all[name];
    if (!Number.isFinite(value)) continue;
    if (points === undefined && Object.keys(all).length >= mostSeries) continue;
    all[name] = thinned(placed(points ?? [], [slot, slot, value, value]));
  }
  return all;
}

/** In its place; a slot that a thinned point covers widens it. */
function placed(points: readonly Point[], [slot, , value]: Point): Point[] {
  const covering = points.findIndex(([from, to]) => from <= slot && slot <= to);
  if (covering < 0) {
    return [...points, [slot, slot, value, value] satisfies Point].sort(([a], [b]) => a - b);
  }
  return points.map((point, i) => {
    const [from, to, least, most] = point;
    return i === covering ? [from, to, Math.min(least, value), Math.max(most, value)] : point;
  });
}

/** Half as many points where there are too many: neighbours become one, which keeps both ends. */
export function thinned(points: readonly Point[], most = mostPoints): Point[] {
  if (points.length <= most) return [...points];
  const halved = points.flatMap((point, i): Point[] => {
    const next = points[i + 1];
    if (i % 2 === 1) return [];
    return next === undefined
      ? [point]
      : [[point[0], next[1], Math.min(point[2], next[2]), Math.max(point[3], next[3])]];
  });
  return thinned(halved, most);
}
