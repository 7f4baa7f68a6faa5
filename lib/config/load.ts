import { readFile } from "node:fs/promises";
import { messageOf, UsageError } from "../core/errors.ts";
import { type ConfigDocument, readDocument } from "./document.ts";
import { explain, type Fault } from "./explain.ts";
import type { Known } from "./known.ts";
import { faultsOfCombinations } from "./merged.ts";
import { ConfigError, type Problem } from "./problem.ts";
import { faultsOfReferences } from "./rules.ts";
import { type Config, configSchema, strictSchema } from "./schema.ts";

/** A thousand targets with settings of their own take a sixth of it. */
const maxBytes = 1024 * 1024;

/**
 * @param path where it is
 * @param file the same, as people are to read it in messages
 * @throws UsageError where it cannot be read, ConfigError with every problem where it is wrong
 */
export async function loadConfig(path: string, known: Known, file = path): Promise<Config> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read: ${messageOf(cause)}`, "--config FILE", { cause });
  });
  if (bytes.length > maxBytes) {
    throw new UsageError(`${file} is larger than 1 MB.`, "Is this a configuration of pgvigil?");
  }
  return parseConfig(textOf(bytes, file), file, known);
}

/** @throws ConfigError */
export function parseConfig(text: string, file: string, known: Known): Config {
  const document = readDocument(text);
  const hint = text.includes("$schema") ? "" : completes;
  if (!("place" in document)) throw new ConfigError(file, document, hint);
  const refuse = (faults: readonly Fault[]): void => {
    if (faults.length > 0) throw new ConfigError(file, faults.map(placedIn(document)), hint);
  };
  const strict = strictSchema(known);
  refuse(explain(strict.safeParse(document.value).error?.issues ?? [], document.value, strict));
  const config = configSchema(known).parse(document.value);
  refuse([...faultsOfReferences(config), ...faultsOfCombinations(config, known)]);
  return config;
}

const completes =
  "An editor tells while you type, if the file begins with: " +
  "# yaml-language-server: $schema=./node_modules/pgvigil/schema/config.schema.json";

const placedIn =
  (document: ConfigDocument) =>
  ({ path, message, of }: Fault): Problem => ({ ...document.place(path, of), path, message });

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsageError(`${file} is not UTF-8.`, "Save it as UTF-8.", { cause });
  }
}
