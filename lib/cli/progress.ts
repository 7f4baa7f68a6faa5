import { printable } from "../core/printable.ts";
import type { Report } from "../core/report.ts";
import { sayTarget } from "../core/target.ts";
import { type Io, say } from "./io.ts";

export interface Progress {
  readonly step: (target: string, done: number, of: number) => void;
  readonly done: (report: Report) => void;
  readonly end: () => void;
}

/** One line that changes on a terminal; elsewhere a plain line a target, when it is done. */
export function progressOn(io: Io, targets: number): Progress {
  const onTerminal = io.isTerminal.stderr && io.env.TERM !== "dumb";
  const underWay = new Map<string, string>();
  let finished = 0;
  const draw = () => {
    if (!onTerminal) return;
    const [first = ""] = underWay.values();
    const more = underWay.size > 1 ? ` and ${underWay.size - 1} more` : "";
    const line = `${finished}/${targets} targets  ${first}${more}`.slice(0, io.columns - 1);
    io.stderr.write(`\r\u001b[2K${line}`);
  };
  return {
    step(target, done, of) {
      underWay.set(target, `${printable(target)} ${done}/${of}`);
      draw();
    },
    done(report) {
      finished += 1;
      underWay.delete(sayTarget(report.target));
      if (onTerminal) draw();
      else if (targets > 1) say(io, lineOf(report));
    },
    end() {
      if (onTerminal) io.stderr.write("\r\u001b[2K");
    },
  };
}

function lineOf({ target, verdict, startedAt, finishedAt }: Report): string {
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return `${printable(sayTarget(target))}: ${verdict} in ${seconds.toFixed(1)} s`;
}
