import { partOf } from "../../adapters/aws/deployment/part.ts";
import { explaining } from "../../adapters/aws/explain.ts";
import { type RdsServer, rdsInventory } from "../../adapters/aws/rds-inventory.ts";
import type { AwsWorld } from "../../adapters/aws/settings.ts";
import { roleFile } from "../../checks/reads/role-sql.ts";
import { UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { quoteIdentifier } from "../../core/sql.ts";
import { count } from "../../core/units.ts";
import { shellWord } from "../../trackers/shell.ts";
import type { Words } from "../command.ts";
import { exitCodeOf } from "../deployment/line.ts";
import { printLines } from "../deployment/print.ts";
import { unwatchedLines } from "../deployment/unwatched.ts";
import { failOnOf } from "../flags.ts";
import { type Io, print, say } from "../io.ts";
import { readConfig } from "../read-config.ts";
import { worldOf } from "../stack.ts";
import { rdsConfig } from "./rds-config.ts";
import { type Net, networksOf, type Way } from "./rds-networks.ts";
import { hasTag, type RdsTarget, rdsTargets, type Tag } from "./rds-targets.ts";
import { writeNew } from "./write-new.ts";

/** Writes a configuration of what RDS runs, or with `--check` says what of it nobody watches. */
export async function initFromRds(words: Words, io: Io): Promise<number> {
  for (const flag of ["url", "name", "password-env"]) {
    if (!words.has(flag)) continue;
    throw new UsageError(`--${flag} does not go with --from rds`, "RDS says which databases.");
  }
  const checks = words.has("check");
  const read = checks ? await readConfig(words, io) : undefined;
  const world = worldOf(words, io, read?.config.aws?.region);
  const tag = tagOf(words.text("tag"));
  const all = await explaining("RDS", () => rdsInventory(world));
  const servers = tag === undefined ? all : all.filter((server) => hasTag(server, tag));
  if (checks) {
    const lines = unwatchedLines(servers, read?.config);
    printLines(lines, false, io);
    return exitCodeOf(lines, failOnOf(words));
  }
  return begin({ servers, all: all.length, tag, world }, words, io);
}

interface Found {
  readonly servers: readonly RdsServer[];
  /** How many there are with any tag. */
  readonly all: number;
  readonly tag: Tag | undefined;
  readonly world: AwsWorld;
}

async function begin({ servers, all, tag, world }: Found, words: Words, io: Io): Promise<number> {
  const role = words.text("role") ?? "pgvigil";
  const targets = rdsTargets(servers, role, tag);
  const [first] = targets;
  const region = words.text("region") ?? regionOf(first) ?? io.env.AWS_REGION ?? "";
  if (first === undefined) {
    const others = tag === undefined || all === 0 ? "" : `; ${all} have another tag`;
    throw new UsageError(
      `RDS has no PostgreSQL server ${tag === undefined ? "here" : `with the tag ${tag.key}=${tag.value}`}${others}`,
      "--region REGION asks another; --tag KEY=VALUE is held against the tags of instances and clusters.",
    );
  }
  if (!words.has("sql-only")) {
    const networks = await withWays(networksOf(targets), world, io);
    await writeNew(words, rdsConfig(servers, targets, region, networks), io);
  }
  const missing = targets.filter((target) => target.missing.length > 0).length;
  const rest = missing === 0 ? "" : `; something is missing at ${missing}: see # beside them`;
  say(io, `${count(targets.length, "target")}${rest}`);
  tellRole(role, targets, io);
  return exitCodes.healthy;
}

/** What stands between functions and databases. Who may not ask EC2 is told so, and goes on. */
async function withWays(networks: ReadonlyMap<string, Net>, world: AwsWorld, io: Io) {
  const ways = await partOf("EC2", async () => {
    const nets = new Map<string, Net & { readonly way: Way }>();
    for (const [vpc, net] of networks) {
      nets.set(vpc, { ...net, way: await (await import("./way.ts")).wayTo(net, world) });
    }
    return nets;
  });
  if (ways.is === "read") return ways.value;
  say(io, `What is missing on the way from the functions to there is not known: ${ways.why}`);
  return networks;
}

/** One whole script, and the words for the others: each names its own database. */
function tellRole(role: string, targets: readonly RdsTarget[], io: Io): void {
  // An example of which RDS knows all, where there is one.
  const first = targets.find(({ missing }) => missing.length === 0) ?? targets[0];
  if (first === undefined) return;
  const others = targets.filter((target) => target !== first);
  const { database, server } = first;
  const head = `-- Run this in ${database} on ${server.name} as a role that may create roles.`;
  print(io, `${printable(head)}\n\n${roleFile(role, database)}\n`);
  print(
    io,
    `\n-- It logs in by IAM, where that is on:\nGRANT rds_iam TO ${quoteIdentifier(role)};\n`,
  );
  if (others.length > 0) {
    say(io, "\nThe same on each of the others, with its own database's name:");
  }
  for (const other of others.slice(0, 5)) {
    say(io, printable(`  pgvigil init --sql-only --yes --url ${shellWord(other.url)}`));
  }
  if (others.length > 5) say(io, `  and ${others.length - 5} more`);
  say(io, "\nThen: cdk bootstrap, cdk deploy, and pgvigil deploy-status --probe");
}

const regionOf = (target: RdsTarget | undefined): string | undefined =>
  /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.rds\./.exec(target?.server.host ?? "")?.[1];

function tagOf(text: string | undefined): Tag | undefined {
  if (text === undefined) return undefined;
  const at = text.indexOf("=");
  if (at > 0 && at < text.length - 1) return { key: text.slice(0, at), value: text.slice(at + 1) };
  throw new UsageError(`--tag ${text}: not KEY=VALUE`, "--tag env=production");
}
