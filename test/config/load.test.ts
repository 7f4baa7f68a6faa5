import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findConfig } from "../../lib/config/find.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { contractExample, known, parse, small } from "./known.ts";
import { mistakes } from "./mistakes.ts";

const messageOf = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "no error";
};

test("the whole of the contract's example is understood", () => {
  const config = parse(contractExample);
  expect(Object.keys(config.environments)).toEqual(["production", "staging"]);
  expect(config).toMatchObject({
    timezone: "Europe/Berlin",
    reference: "production",
    profiles: {
      pulse: { every: 300 },
      hourly: { add: ["constraints/not-enforced"] },
      watch: { for: 172_800 },
    },
    checks: { "activity/long-transaction": { warning: "2min", for: 2 } },
    limits: { connect: 5000, lock: 200, run: 600_000, concurrency: 8 },
    maintenance: [{ for: 7200 }, { expect: "stopped" }],
    aws: { networks: { main: { s3Endpoint: "create" } } },
  });
});

test.each(mistakes)("%s", (_, text, message) => {
  expect(messageOf(text)).toBe(message);
});

test("whatever a file holds, it is a configuration or it is refused in words with places", () => {
  const cut = fc.tuple(fc.nat(contractExample.length), fc.nat(30), fc.string({ maxLength: 8 }));
  const damaged = cut.map(
    ([from, length, instead]) =>
      contractExample.slice(0, from) + instead + contractExample.slice(from + length),
  );
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), damaged, fc.json()), (text) => {
      const message = messageOf(text);
      for (const line of message === "no error" ? [] : message.split("\n")) {
        expect(line).toMatch(/^pgvigil\.config\.yaml:\d+:\d+: ./);
      }
    }),
    { numRuns: 40 },
  );
});

test("who has no completion yet is told how to have it", () => {
  expect(() => parse("a: 1")).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("$schema=") }),
  );
  expect(() => parse(`${contractExample}\nlimts: {}`)).toThrow(
    expect.objectContaining({ hint: "" }),
  );
});

test("several mistakes are told at once, in the order of the file", () => {
  expect(messageOf(small("limits: { lock: 1s }\nrefrence: a\ntimezone: Mars")).split("\n")).toEqual(
    [
      expect.stringContaining("6:17: limits.lock"),
      expect.stringContaining("7:1: refrence: unknown key"),
      expect.stringContaining("8:11: timezone"),
    ],
  );
});

test("no message repeats what may be a secret", () => {
  const told = mistakes.map(([, text]) => messageOf(text)).join("\n");
  expect(told).not.toContain("hunter2");
  expect(told).not.toContain("root:secret");
});

test("YAML's words of 1.1 are words, and its anchors may be used", () => {
  const config = parse(small("checks: &all { indexes/invalid: { severity: notice } }\nstore: no"));
  expect(config.store).toBe("no");
  const text = small(
    "  other:\n    checks: &quiet { indexes/invalid: { severity: notice } }\n    targets:\n      a: { url: 'postgres://b/a', checks: *quiet }",
  );
  expect(parse(text).environments.other?.targets.a?.checks).toEqual({
    "indexes/invalid": { severity: "notice" },
  });
});

test("an error behind an alias is placed where it is written", () => {
  const text = small(
    "  other:\n    checks: &loud { indexes/invalid: { severity: loud } }\n    targets:\n      a: { url: 'postgres://b/a', checks: *loud }",
  );
  expect(
    messageOf(text)
      .split("\n")
      .map((line) => line.split(" ")[0]),
  ).toEqual(["pgvigil.config.yaml:7:50:", "pgvigil.config.yaml:7:50:"]);
});

test("a few lines that mean gigabytes are refused at once", () => {
  const levels = Array.from(
    { length: 20 },
    (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`,
  );
  expect(messageOf(`l0: &l0 [a]\n${levels.join("\n")}`)).toBe(
    "pgvigil.config.yaml:1:1: its aliases repeat too much, or themselves",
  );
  expect(messageOf("a: &a [*a]")).toMatch(/^pgvigil\.config\.yaml:1:/);
});

test("JSON is accepted, indented by tabs too, and a key twice is an error in it", () => {
  const config = parse(contractExample);
  const json = JSON.stringify(
    { schemaVersion: 1, environments: { a: { targets: { b: { url: "postgres://b/a" } } } } },
    null,
    "\t",
  );
  expect(Object.keys(parse(json).environments)).toEqual(["a"]);
  expect(config.schemaVersion).toBe(1);
  expect(messageOf('{"schemaVersion": 1,\n "schemaVersion": 1}')).toBe(
    "pgvigil.config.yaml:2:2: this key stands here for the second time",
  );
});

describe("files", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "config-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("it is found from below, and two of them are an error", async () => {
    expect(await findConfig(folder)).toBe(undefined);
    const path = join(folder, "pgvigil.config.yml");
    await writeFile(path, small());
    const nested = await mkdtemp(join(folder, "nested-"));
    expect(await findConfig(nested)).toBe(path);
    expect((await loadConfig(path, known)).schemaVersion).toBe(1);
    await writeFile(join(folder, "pgvigil.config.json"), "{}");
    await expect(findConfig(nested)).rejects.toThrow("There are two configurations");
  });

  test("what is absent, too large or no text is refused in words", async () => {
    await expect(loadConfig(join(folder, "none.yaml"), known)).rejects.toThrow("cannot be read");
    await writeFile(join(folder, "large.yaml"), `# ${"x".repeat(1024 * 1024)}`);
    await expect(loadConfig(join(folder, "large.yaml"), known)).rejects.toThrow("larger than 1 MB");
    await writeFile(join(folder, "latin.yaml"), Uint8Array.of(0x61, 0xe4));
    await expect(loadConfig(join(folder, "latin.yaml"), known)).rejects.toThrow("is not UTF-8");
  });
});
