import { printable } from "../core/printable.ts";
import { sayTarget } from "../core/target.ts";
import { count, sayTime } from "../core/units.ts";
import { sayVerdict, type WatchPicture } from "../core/watch.ts";

/** One look in one line, for logs: `12:05 UTC production/orders 3/57 healthy so far; next 12:10 UTC`. */
export function watchLine(picture: WatchPicture): string {
  const { watch, looks, closing, nextAt } = picture;
  const at = watch.looks.at(-1)?.at ?? picture.now;
  const open = closing.found.filter(({ endedAt }) => endedAt === undefined);
  const next = nextAt === undefined ? "" : `; next ${sayTime(nextAt, true)}`;
  return printable(
    `${sayTime(at, true)}  ${sayTarget(watch.target)} ${looks.taken}/${looks.planned}  ` +
      `${sayVerdict[closing.verdict]} so far, ${count(open.length, "open finding")}${next}`,
  );
}
