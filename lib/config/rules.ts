import { matches } from "../core/ignore.ts";
import { didYouMean } from "../core/near.ts";
import type { Fault } from "./explain.ts";
import type { Path } from "./problem.ts";
import type { Config } from "./schema.ts";

/** What one part of a configuration says of another: it must be there. */
export const faultsOfReferences = (config: Config): readonly Fault[] => [
  ...references(config),
  ...owners(config),
  ...maintained(config),
  ...sameDatabase(config),
  ...networked(config),
];

const missing = (path: Path, what: string, name: string, names: readonly string[]): Fault => ({
  path,
  message: `there is no ${what} ${JSON.stringify(name)}${didYouMean(name, names) || known(names)}`,
  of: "value",
});

const known = (names: readonly string[]): string =>
  names.length > 0 && names.length <= 8 ? `; there is ${names.join(", ")}` : "";

function references({ reference, environments, alerts, aws }: Config): readonly Fault[] {
  const names = Object.keys(environments);
  const named: (readonly [Path, string])[] = [
    ...(reference === undefined ? [] : [[["reference"], reference] as const]),
    ...(aws?.environments ?? []).map((name, i) => [["aws", "environments", i], name] as const),
    ...(aws?.collectors ?? []).flatMap(({ environments: own }, i) =>
      own.map((name, j) => [["aws", "collectors", i, "environments", j], name] as const),
    ),
    ...(alerts?.subscriptions ?? []).flatMap(({ environment = [] }, i) =>
      environment.map(
        (name, j) => [["alerts", "subscriptions", i, "environment", j], name] as const,
      ),
    ),
  ];
  return named.flatMap(([path, name]) =>
    names.includes(name) ? [] : [missing(path, "environment", name, names)],
  );
}

function owners(config: Config): readonly Fault[] {
  const names = Object.keys(config.owners ?? {});
  const named: (readonly [Path, string | undefined])[] = [
    [["owner"], config.owner],
    ...Object.entries(config.environments).flatMap(([environment, { owner, targets }]) => [
      [["environments", environment, "owner"], owner] as const,
      ...Object.entries(targets).map(
        ([target, settings]) =>
          [["environments", environment, "targets", target, "owner"], settings.owner] as const,
      ),
    ]),
    ...(config.alerts?.subscriptions ?? []).flatMap(({ owner = [] }, i) =>
      owner.map((name, j) => [["alerts", "subscriptions", i, "owner", j], name] as const),
    ),
  ];
  return named.flatMap(([path, name]) =>
    name === undefined || names.includes(name) ? [] : [missing(path, "owner", name, names)],
  );
}

function maintained({ environments, maintenance = [], alerts }: Config): readonly Fault[] {
  const targets = Object.entries(environments).flatMap(([environment, settings]) =>
    Object.keys(settings.targets).map((target) => `${environment}/${target}`),
  );
  const patterns = [
    ...maintenance.map(({ targets }, i) => [["maintenance", i, "targets"], targets] as const),
    ...(alerts?.subscriptions ?? []).map(
      ({ target }, i) => [["alerts", "subscriptions", i, "target"], target] as const,
    ),
  ];
  return patterns.flatMap(([path, list = []]) =>
    list.flatMap((pattern, i) =>
      targets.some((target) => matches(pattern, target))
        ? []
        : [missing([...path, i], "target", pattern, targets)],
    ),
  );
}

/** With several networks each target that is looked at from here must say in which it is. */
function networked({ environments, aws }: Config): readonly Fault[] {
  if (aws?.mode === "hub") return [];
  const names = Object.keys(aws?.networks ?? {});
  const here = Object.entries(environments).filter(
    ([environment]) => aws?.environments?.includes(environment) ?? true,
  );
  return here.flatMap(([environment, { network, targets }]) =>
    Object.entries(targets).flatMap(([target, own]) => {
      const name = own.network ?? network;
      const at = ["environments", environment, "targets", target];
      if (name !== undefined) {
        const path = own.network === undefined ? ["environments", environment] : at;
        return names.includes(name) ? [] : [missing([...path, "network"], "network", name, names)];
      }
      if (names.length < 2) return [];
      const message = `is in which network? ${names.join(" or ")}: write network: ${names[0]}`;
      return [{ path: at, message, of: "key" as const }];
    }),
  );
}

/** Two names for one database would be looked at twice and told as two. */
function sameDatabase({ environments }: Config): readonly Fault[] {
  const first = new Map<string, string>();
  const faults: Fault[] = [];
  for (const [environment, { targets }] of Object.entries(environments)) {
    for (const [target, { url }] of Object.entries(targets)) {
      const owner = first.get(url);
      first.set(url, owner ?? `${environment}/${target}`);
      if (owner === undefined) continue;
      const path = ["environments", environment, "targets", target, "url"];
      faults.push({ path, message: `is the url of ${owner} too`, of: "value" });
    }
  }
  return faults;
}
