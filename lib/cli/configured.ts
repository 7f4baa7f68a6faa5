import { dirname, relative, resolve } from "node:path";
import { clientConfigOf } from "../adapters/postgres/config.ts";
import { findConfig } from "../config/find.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { selectTargets } from "../config/select.ts";
import { limitsOf, type ResolvedTarget } from "../config/targets.ts";
import { UsageError } from "../core/errors.ts";
import { sayTarget } from "../core/target.ts";
import { addsOf, servedBy } from "../service/targets.ts";
import type { Words } from "./command.ts";
import { type Fleet, type FleetTarget, storeAt } from "./fleet.ts";
import type { Io } from "./io.ts";
import { known } from "./known.ts";
import { typedPlaces } from "./typed.ts";

/**
 * The fleet of the configuration, narrowed by `--target` and `--environment`; nothing where there
 * is no configuration.
 *
 * @throws UsageError
 */
export async function configured(words: Words, io: Io): Promise<Fleet | undefined> {
  const named = words.text("config");
  const file = named === undefined ? await findConfig(io.cwd) : resolve(io.cwd, named);
  if (file === undefined) {
    const flag = ["target", "environment"].find((name) => words.has(name));
    if (flag === undefined) return undefined;
    throw new UsageError(
      `--${flag} names a target of a configuration, and there is none here or above`,
      "pgvigil init writes one; --config FILE names another; --url needs none.",
    );
  }
  const shown = relative(io.cwd, file);
  const config = await loadConfig(file, known, shown);
  return {
    targets: selected(config, words).map((each) => fleetTarget(config, each, words, io)),
    environments: Object.keys(config.environments),
    limits: limitsOf(config),
    store: storeAt(storeOf(config, file, words), io),
    adds: addsOf(config),
    configFile: shown,
    watch: config.profiles?.watch,
  };
}

function selected(config: Config, words: Words): readonly ResolvedTarget[] {
  const environment = words.text("environment");
  const patterns = words.list("target");
  if (patterns.length === 0) return selectTargets(config, { environment });
  const found = patterns.flatMap((target) => selectTargets(config, { environment, target }));
  return [...new Map(found.map((each) => [sayTarget(each.target), each])).values()];
}

function fleetTarget(config: Config, each: ResolvedTarget, words: Words, io: Io): FleetTarget {
  const { target, url, auth } = each;
  if (auth !== undefined && auth.passwordEnv === undefined) {
    throw new UsageError(
      `${sayTarget(target)} logs in by ${auth.iam === undefined ? "a secret of AWS" : "IAM"}, which only the deployed stack can do so far`,
      "From here: auth: { passwordEnv: NAME }, or --url with a password of yours.",
    );
  }
  return {
    ...servedBy(config, each),
    typed: { places: typedPlaces(words) },
    connection: clientConfigOf({ url, env: io.env, passwordEnv: auth?.passwordEnv }),
  };
}

/** A relative folder is seen from the configuration, wherever the command is run. */
export function storeOf({ store }: Config, file: string, words: Words): string | undefined {
  const given = words.text("store");
  if (given !== undefined || store === undefined) return given;
  if (!store.startsWith("s3://")) return resolve(dirname(file), store);
  throw new UsageError(
    `the configuration's store is ${store}, and this command keeps its runs in a folder`,
    "--store DIR names one.",
  );
}
