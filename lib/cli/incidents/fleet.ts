import type { Config } from "../../config/schema.ts";
import { selectTargets } from "../../config/select.ts";
import { targetsOf } from "../../config/targets.ts";
import { UsageError } from "../../core/errors.ts";
import { matches } from "../../core/ignore.ts";
import type { Store } from "../../core/ports.ts";
import { type Schedule, scheduleOf } from "../../core/schedule.ts";
import { sayTarget, type Target } from "../../core/target.ts";
import type { Policy } from "../../incidents/policy.ts";
import { storedTargets } from "../../incidents/sweep.ts";
import { policiesOf } from "../../service/policies.ts";
import type { Words } from "../command.ts";
import type { Io } from "../io.ts";
import { readConfig, storeOf } from "../read-config.ts";

/** What is known of incidents, without a connection to any database. */
export interface IncidentFleet {
  readonly store: Store;
  /** Narrowed by `--target` and `--environment`. */
  readonly targets: readonly Target[];
  /** Every target of the configuration; of the store where there is none. */
  readonly all: readonly Target[];
  readonly isConfigured: boolean;
  /** When the morning mail is due. */
  readonly digest: Schedule | undefined;
  readonly policies: () => Promise<(target: Target) => Policy>;
}

/** @throws UsageError where no store is named */
export async function incidentFleetOf(words: Words, io: Io): Promise<IncidentFleet> {
  // None beside --url.
  const found = words.has("url") ? undefined : await readConfig(words, io);
  const store = await storeOf(found, words, io);
  if (store === undefined) {
    throw new UsageError(
      "incidents are kept in a store, and none is named",
      "--store DIR, or store: in the configuration",
    );
  }
  const config = found?.config;
  const stored = await storedTargets(store);
  return {
    store,
    ...(config === undefined
      ? { targets: ofStore(stored, words), all: stored, isConfigured: false }
      : { targets: selected(config, stored, words), all: allOf(config), isConfigured: true }),
    digest:
      config?.alerts?.digest === undefined
        ? undefined
        : scheduleOf(config.alerts.digest, config.timezone),
    policies: () => policiesOf(config, store),
  };
}

const allOf = (config: Config): readonly Target[] => targetsOf(config).map(({ target }) => target);

function selected(config: Config, stored: readonly Target[], words: Words): readonly Target[] {
  const environment = words.text("environment");
  const patterns = words.list("target");
  if (patterns.length === 0 && environment === undefined) {
    // What has left the configuration, or came by --url, has its incidents too.
    return unique([...allOf(config), ...stored]);
  }
  const wanted = patterns.length === 0 ? [undefined] : patterns;
  return unique(
    wanted.flatMap((target) =>
      selectTargets(config, { environment, target }).map((each) => each.target),
    ),
  );
}

function ofStore(stored: readonly Target[], words: Words): readonly Target[] {
  const environment = words.text("environment");
  const patterns = words.list("target");
  const fits = (target: Target) =>
    (environment === undefined || target.environment === environment) &&
    (patterns.length === 0 ||
      patterns.some((p) => matches(p, sayTarget(target)) || matches(p, target.name)));
  return stored.filter(fits);
}

const unique = (targets: readonly Target[]): readonly Target[] => [
  ...new Map(targets.map((target) => [sayTarget(target), target])).values(),
];
