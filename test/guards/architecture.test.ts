import { expect, test } from "vitest";
import { importsOf, type Source, sourcesOf } from "./sources.ts";

const sources = await sourcesOf("bin", "lib", "lambdas", "scripts", "bench");

/** Which rooms a room may enter beside itself. Imports go one way. */
const mayEnter: Readonly<Record<string, readonly string[]>> = {
  core: [],
  schema: ["core"],
  trackers: ["core"],
  integrity: ["core"],
  checks: ["core", "schema", "trackers", "integrity"],
  run: ["core", "schema", "trackers", "integrity", "checks"],
  incidents: ["core"],
  watch: ["core"],
  render: ["core"],
  config: ["core"],
  adapters: ["core"],
  // `due` alone: what is to be done now is the watch's own affair.
  dispatch: ["core", "watch"],
  service: [
    "core",
    "schema",
    "trackers",
    "integrity",
    "checks",
    "run",
    "incidents",
    "watch",
    "config",
    "dispatch",
  ],
  // What the stack is made of, at synth: it sees no store and no database.
  constructs: ["core", "config"],
  // Thin: what comes in, what it needs, and one call.
  lambdas: ["core", "config", "dispatch", "incidents", "service", "render", "adapters"],
  cli: [
    "core",
    "schema",
    "trackers",
    "integrity",
    "checks",
    "run",
    "incidents",
    "watch",
    "render",
    "config",
    "adapters",
    "dispatch",
    "service",
  ],
};

const roomOf = (path: string): string | undefined =>
  /^(?:lib\/([^/]+)|(lambdas))\//.exec(path)?.slice(1).find(Boolean);

/** `pg` for `pg/lib/x`, `@scope/name` for `@scope/name/x`; nothing for Node's own. */
const packageOf = (specifier: string): string | undefined => {
  if (specifier.startsWith("node:") || specifier.includes(".ts")) return undefined;
  return /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
};

const offences = (isOffence: (source: Source, imported: string) => boolean): readonly string[] =>
  sources.flatMap((source) =>
    importsOf(source)
      .filter((imported) => isOffence(source, imported))
      .map((imported) => `${source.path} imports ${imported}`),
  );

test("rooms are entered one way: core <- checks <- run <- cli (docs/architecture.md)", () => {
  const found = offences(({ path }, imported) => {
    const [from, to] = [roomOf(path), roomOf(imported)];
    if (from === undefined || to === undefined || from === to) return false;
    return !(mayEnter[from] ?? []).includes(to);
  });
  expect(found, "move the code to the room that may know of it").toEqual([]);
});

test("core imports no package but zod", () => {
  const found = offences(({ path }, imported) => {
    const name = packageOf(imported);
    return roomOf(path) === "core" && name !== undefined && name !== "zod";
  });
  expect(found, "core is pure vocabulary: I/O belongs into lib/adapters").toEqual([]);
});

test("only lib/adapters, scripts and bench talk to PostgreSQL or AWS", () => {
  const found = offences(({ path }, imported) => {
    const name = packageOf(imported) ?? "";
    const isClient = name === "pg" || name.startsWith("@aws-sdk/");
    return isClient && roomOf(path) !== undefined && roomOf(path) !== "adapters";
  });
  expect(found, "take a Session or a Store (lib/core/ports.ts)").toEqual([]);
});

test("only the CDK app, the stack and its constructs know of CDK", () => {
  const around = ["bin/app.ts", "lib/cdk.ts", "lib/monitor-stack.ts", "scripts/package.ts"];
  const isCdk = (path: string) => around.includes(path) || path.startsWith("lib/constructs/");
  const found = offences(({ path }, imported) => {
    const name = packageOf(imported) ?? "";
    return (name === "aws-cdk-lib" || name === "constructs") && !isCdk(path);
  });
  expect(found, "no Lambda bundle and no CLI carries CDK").toEqual([]);
});

test("zod is imported whole, so that bundlers drop what is not used", () => {
  const found = sources.filter(({ text }) => /import (type )?\{[^}]*\} from "zod"/.test(text));
  expect(
    found.map(({ path }) => path),
    'import * as z from "zod"',
  ).toEqual([]);
});

test("no formatter of Intl is made while a module loads", () => {
  const found = sources.filter(
    ({ path, text }) =>
      /^(lib|lambdas)\//.test(path) && /^(export )?const [\w: .]+ = new Intl\./m.test(text),
  );
  expect(
    found.map(({ path }) => path),
    "make it where it is used: one is a tenth of what a function or a command takes to load",
  ).toEqual([]);
});

test("only bin/ ends the process", () => {
  const found = sources.filter(
    ({ path, text }) => path.startsWith("lib/") && /process\.exit\(/.test(text),
  );
  expect(
    found.map(({ path }) => path),
    "return an exit code, or throw",
  ).toEqual([]);
});

test("a file holds one thought: 300 lines at most, 100 columns", async () => {
  const all = [...sources, ...(await sourcesOf("test"))];
  const long = all.filter(({ text }) => text.split("\n").length > 301).map(({ path }) => path);
  expect(long, "split it").toEqual([]);
});

test("the suite runs on the Node that npm's scripts bring along, whatever the machine has", () => {
  expect(Number(process.versions.node.split(".")[0])).toBeGreaterThanOrEqual(24);
});
