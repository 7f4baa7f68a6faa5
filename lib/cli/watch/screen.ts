import { printable } from "../../core/printable.ts";
import type { WatchPicture } from "../../core/watch.ts";
import { watchLine } from "../../render/watch-line.ts";
import { watchText } from "../../render/watch-text.ts";
import { type Io, print, say } from "../io.ts";
import { contextOf } from "./print.ts";

/** Where a watch is shown while it runs. */
export interface Screen {
  /** A look was taken, or something else has changed. */
  show(pictures: readonly WatchPicture[]): void;
  /** Once a second. */
  tick(pictures: readonly WatchPicture[]): void;
  trouble(message: string): void;
  leave(): void;
}

export const screenOn = (io: Io): Screen =>
  io.isTerminal.stdout && io.env.TERM !== "dumb" ? live(io) : lines(io);

/** A line a look: for logs. */
function lines(io: Io): Screen {
  const told = new Map<string, number>();
  return {
    show(pictures) {
      for (const picture of pictures) {
        const { id, looks } = picture.watch;
        if (looks.length === 0 || told.get(id) === looks.length) continue;
        told.set(id, looks.length);
        print(io, watchLine(picture));
      }
    },
    tick() {},
    trouble: (message) => say(io, `pgvigil: ${printable(message)}`),
    leave() {},
  };
}

// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html: the other screen (1049), the cursor
// (25), and no wrapping (7), so that a line too long does not push the rest down.
const enter = "\u001b[?1049h\u001b[?25l\u001b[?7l";
const leave = "\u001b[?7h\u001b[?25h\u001b[?1049l";
const home = "\u001b[H";
const endOfLine = "\u001b[K";
const below = "\u001b[J";

/** The whole terminal, drawn in place; what was on it comes back at the end. */
function live(io: Io): Screen {
  let last: readonly WatchPicture[] = [];
  let note = "";
  const draw = () => {
    const rows = Math.max(5, io.rows ?? 40) - 1;
    const all = last.flatMap((picture) => watchText(picture, contextOf(io)).split("\n"));
    const kept = all.length > rows ? [...all.slice(0, rows - 1), "…"] : all;
    const foot = note === "" ? footOf(last) : note;
    const text = [...kept, foot].map((line) => `${line}${endOfLine}`).join("\r\n");
    io.stdout.write(`${home}${text}${below}`);
  };
  io.stdout.write(enter);
  io.stdout.on("resize", draw);
  return {
    show(pictures) {
      [last, note] = [pictures, ""];
      draw();
    },
    tick(pictures) {
      last = pictures;
      draw();
    },
    trouble(message) {
      note = printable(message);
      draw();
    },
    leave() {
      io.stdout.off("resize", draw);
      io.stdout.write(leave);
    },
  };
}

const footOf = (pictures: readonly WatchPicture[]): string => {
  const [at] = pictures.flatMap(({ nextAt }) => nextAt ?? []).sort();
  const now = pictures[0]?.now ?? "";
  const seconds = at === undefined ? 0 : Math.max(0, (Date.parse(at) - Date.parse(now)) / 1000);
  const next = at === undefined ? "" : `next look in ${Math.ceil(seconds)} s; `;
  return `${next}Ctrl-C leaves the watch open`;
};
