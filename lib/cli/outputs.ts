import { checks } from "../checks/index.ts";
import { UsageError } from "../core/errors.ts";
import type { FailOn } from "../core/exit-code.ts";
import type { RunDocument } from "../core/report.ts";
import type { RenderContext } from "../render/context.ts";
import { type Format, formats, renderers } from "../render/index.ts";
import { type Io, print, wantsColour } from "./io.ts";
import { version } from "./version.ts";
import { writeInPieces } from "./write.ts";

export interface Output {
  readonly format: Format;
  /** stdout where absent. */
  readonly file: string | undefined;
}

/** `--format json --format sarif:out.sarif`: at most one of them to stdout. */
export function outputsOf(words: readonly string[]): readonly Output[] {
  const outputs = (words.length === 0 ? ["text"] : words).map(parse);
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError(
      "two formats cannot share stdout",
      "Give the other one a file: --format sarif:report.sarif",
    );
  }
  return outputs;
}

function parse(word: string): Output {
  const colon = word.indexOf(":");
  const name = colon < 0 ? word : word.slice(0, colon);
  const format = formats.find((candidate) => candidate === name);
  if (format === undefined || colon === word.length - 1) {
    throw new UsageError(`--format ${word}: not FORMAT or FORMAT:FILE`, formats.join(", "));
  }
  return { format, file: colon < 0 ? undefined : word.slice(colon + 1) };
}

export interface Presentation {
  readonly outputs: readonly Output[];
  readonly failOn: FailOn;
  readonly evidence: boolean;
  readonly configFile?: string | undefined;
}

/** Prints a run in every format that was asked for. */
export async function present(run: RunDocument, how: Presentation, io: Io): Promise<void> {
  for (const { format, file } of how.outputs) {
    const text = renderers[format](run, contextFor(how, io, file === undefined));
    if (file === undefined) print(io, text);
    else await writeTo(file, text, io);
  }
}

const contextFor = (how: Presentation, io: Io, toStdout: boolean): RenderContext => ({
  catalogue: new Map(checks.map((check) => [check.id, check])),
  colour: toStdout && wantsColour(io, "stdout"),
  width: toStdout ? io.columns : 100,
  failOn: how.failOn,
  evidence: how.evidence,
  version,
  configFile: how.configFile,
});

/** @throws UsageError naming the file and why it cannot be written */
const writeTo = (file: string, text: string, io: Io): Promise<void> =>
  writeInPieces(file, [text.endsWith("\n") ? text : `${text}\n`], io);
