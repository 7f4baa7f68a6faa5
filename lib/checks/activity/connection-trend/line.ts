export interface Line {
  readonly perSecond: number;
}

type Point = readonly [seconds: number, value: number];

/**
 * The line along which values rise, if they do: a leak lifts the floor. So the lowest value of each
 * quarter of the time must be above the one before, and the slope is that of the floors. A sawtooth
 * comes down to its floor again and again; a jump to another height has two floors and then none
 * that rises; of a single peak no floor knows.
 */
export function risingLine(points: readonly Point[]): Line | undefined {
  const [first] = points;
  const end = points.at(-1);
  if (first === undefined || end === undefined || end[0] <= first[0]) return undefined;
  const quarter = (end[0] - first[0]) / quarters;
  const floors = Array.from({ length: quarters }, (_, index) => {
    const from = first[0] + index * quarter;
    const isLast = index === quarters - 1;
    return points
      .filter(([at]) => at >= from && (isLast || at < from + quarter))
      .reduce<Point | undefined>(
        (lowest, point) => (lowest === undefined || point[1] < lowest[1] ? point : lowest),
        undefined,
      );
  });
  const known = floors.filter((floor) => floor !== undefined);
  if (known.length < quarters || !known.every((one, i) => one[1] > (known[i - 1]?.[1] ?? -1))) {
    return undefined;
  }
  // It goes on rising as it did of late, or not at all: the gentler of the two slopes.
  const slopes = [slope(known[0], known[quarters - 1]), slope(known[2], known[quarters - 1])];
  const perSecond = Math.min(...slopes);
  return perSecond > 0 ? { perSecond } : undefined;
}

const quarters = 4;

const slope = (a: Point | undefined, b: Point | undefined): number =>
  a === undefined || b === undefined || b[0] <= a[0] ? 0 : (b[1] - a[1]) / (b[0] - a[0]);
