import { clientConfigOf } from "../adapters/postgres/config.ts";
import type { Config } from "../config/schema.ts";
import { selectTargets } from "../config/select.ts";
import { limitsOf, type ResolvedTarget } from "../config/targets.ts";
import { UsageError } from "../core/errors.ts";
import { sayTarget } from "../core/target.ts";
import { addsOf, servedBy } from "../service/targets.ts";
import type { Words } from "./command.ts";
import type { Fleet, FleetTarget } from "./fleet.ts";
import type { Io } from "./io.ts";
import { loginsOf } from "./login.ts";
import { readConfig, storeOf } from "./read-config.ts";
import { typedPlaces } from "./typed.ts";

/**
 * The fleet of the configuration, narrowed by `--target` and `--environment`; nothing where there
 * is no configuration.
 *
 * @throws UsageError
 */
export async function configured(words: Words, io: Io): Promise<Fleet | undefined> {
  const read = await readConfig(words, io);
  if (read === undefined) {
    const flag = ["target", "environment"].find((name) => words.has(name));
    if (flag === undefined) return undefined;
    throw new UsageError(
      `--${flag} names a target of a configuration, and there is none here or above`,
      "pgvigil init writes one; --config FILE names another; --url needs none.",
    );
  }
  const { config, shown } = read;
  const loginOf = loginsOf(io, config.aws?.region);
  const targets = selected(config, words).map((each): FleetTarget => {
    const { url, auth } = each;
    const connection = clientConfigOf({ url, env: io.env, passwordEnv: auth?.passwordEnv });
    const typed = { places: typedPlaces(words) };
    return { ...servedBy(config, each), typed, connection, open: loginOf(url, auth, connection) };
  });
  return {
    targets,
    environments: Object.keys(config.environments),
    limits: limitsOf(config),
    store: await storeOf(read, words, io),
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
