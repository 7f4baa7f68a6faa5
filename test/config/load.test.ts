import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findConfig } from "../../lib/config/find.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { contractExample, known, parse, small } from "./known.ts";

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

// Every mistake that we could think of, with the words that it gets.
const mistakes: readonly (readonly [string, string, string])[] = [
  [
    "an unknown key",
    small("limts: { run: 1min }"),
    'pgvigil.config.yaml:6:1: limts: unknown key: did you mean "limits"?',
  ],
  [
    "an unknown key that is like none",
    small("limits: { banana: 1 }"),
    "pgvigil.config.yaml:6:11: limits.banana: unknown key; here may stand connect, statement, lock, target, run, concurrency",
  ],
  ["an empty file", "", "pgvigil.config.yaml:1:1: expected a mapping, found nothing"],
  ["a list", "- a", "pgvigil.config.yaml:1:1: expected a mapping, found a list"],
  [
    "nothing but a version",
    "schemaVersion: 1",
    "pgvigil.config.yaml:1:1: environments: is missing: expected a mapping",
  ],
  [
    "another version",
    small().replace("schemaVersion: 1", "schemaVersion: 2"),
    "pgvigil.config.yaml:1:16: schemaVersion: expected 1, found 2",
  ],
  [
    "a target without url",
    small().replace('{ url: "postgres://stg/orders" }', "{ owner: shop }"),
    "pgvigil.config.yaml:5:7: environments.staging.targets.orders.url: is missing: expected a URL such as postgres://role@host:5432/database",
  ],
  [
    "a url of something else",
    small().replace("postgres://stg", "mysql://root:secret@stg"),
    "pgvigil.config.yaml:5:22: environments.staging.targets.orders.url: expected a URL such as postgres://role@host:5432/database",
  ],
  [
    "a password in a url",
    small().replace("stg/", "vigil:hunter2@stg/"),
    "pgvigil.config.yaml:5:22: environments.staging.targets.orders.url: holds a password. Take it out, and write auth: { passwordEnv: NAME_OF_A_VARIABLE } beside it",
  ],
  [
    "a password behind a question mark",
    small().replace("/orders", "/orders?sslmode=require&password=hunter2"),
    "pgvigil.config.yaml:5:22: environments.staging.targets.orders.url: holds a password. Take it out, and write auth: { passwordEnv: NAME_OF_A_VARIABLE } beside it",
  ],
  [
    "a password of its own",
    small("auth: { password: hunter2 }"),
    'pgvigil.config.yaml:6:9: auth.password: unknown key: did you mean "passwordEnv"?',
  ],
  [
    "a password where a name belongs",
    small('auth: { passwordEnv: "hunter2!" }'),
    "pgvigil.config.yaml:6:22: auth.passwordEnv: expected the name of an environment variable",
  ],
  [
    "two ways to log in",
    small("auth: { passwordEnv: A, secret: arn }"),
    "pgvigil.config.yaml:6:7: auth: expected one of iam, secret, passwordEnv",
  ],
  [
    "a name with a capital",
    small().replace("staging:", "Staging:"),
    "pgvigil.config.yaml:3:3: environments.Staging: expected a name of a-z, 0-9, '.', '_' and '-' that begins with a letter or digit",
  ],
  [
    "an environment twice",
    small().replace("    targets", "    owner: a\n    owner: b\n    targets"),
    "pgvigil.config.yaml:5:5: this key stands here for the second time",
  ],
  [
    "a target twice",
    small('      orders: { url: "postgres://other/orders" }'),
    "pgvigil.config.yaml:6:7: this key stands here for the second time",
  ],
  [
    "no targets",
    "schemaVersion: 1\nenvironments: { staging: { targets: {} } }",
    "pgvigil.config.yaml:2:37: environments.staging.targets: expected at least one target",
  ],
  [
    "one database under two names",
    small('      again: { url: "postgres://stg/orders" }'),
    "pgvigil.config.yaml:6:21: environments.staging.targets.again.url: is the url of staging/orders too",
  ],
  [
    "a reference that is not there",
    small("reference: stagign"),
    'pgvigil.config.yaml:6:12: reference: there is no environment "stagign": did you mean "staging"?',
  ],
  [
    "an owner that is not there",
    small("owner: shop\nowners: { payments: { contact: x } }"),
    'pgvigil.config.yaml:6:8: owner: there is no owner "shop"; there is payments',
  ],
  [
    "a check that is not there",
    small("checks: { indexes/invlaid: { severity: notice } }"),
    'pgvigil.config.yaml:6:11: checks["indexes/invlaid"]: no check is called that: did you mean "indexes/invalid"?',
  ],
  [
    "a check like none",
    small("checks: { a/b: {} }"),
    'pgvigil.config.yaml:6:11: checks["a/b"]: no check is called that; `pgvigil checks` lists them',
  ],
  [
    "an option that a check does not have",
    small("checks: { indexes/invalid: { sevrity: notice } }"),
    'pgvigil.config.yaml:6:30: checks["indexes/invalid"].sevrity: unknown key: did you mean "severity"?',
  ],
  [
    "a severity that is none",
    small("checks: { indexes/invalid: { severity: warn } }"),
    'pgvigil.config.yaml:6:40: checks["indexes/invalid"].severity: expected notice, warning, critical, found "warn": did you mean "warning"?',
  ],
  [
    "a threshold without unit",
    small("checks: { activity/long-transaction: { warning: 30 } }"),
    'pgvigil.config.yaml:6:49: checks["activity/long-transaction"].warning: expected a duration such as 30s, 5min or 2h, found 30',
  ],
  [
    "a threshold of the wrong kind",
    small("checks: { capacity/connections: { warning: 2min } }"),
    'pgvigil.config.yaml:6:44: checks["capacity/connections"].warning: expected a share such as 80%, found "2min"',
  ],
  [
    "a count that is no whole number",
    small("checks: { activity/long-transaction: { for: 0.5 } }"),
    'pgvigil.config.yaml:6:45: checks["activity/long-transaction"].for: expected a whole number, found 0.5',
  ],
  [
    "thresholds the wrong way round",
    small("checks: { locks/blocking-chain: { warning: 2min, critical: 1min } }"),
    'pgvigil.config.yaml:6:44: checks["locks/blocking-chain"].warning: warning is above critical (staging/orders, profile pulse)',
  ],
  [
    "thresholds that contradict a profile's own",
    small("checks: { activity/long-transaction: { critical: 2min } }"),
    'pgvigil.config.yaml:6:11: checks["activity/long-transaction"].warning: warning is above critical (staging/orders, profile pulse)',
  ],
  [
    "a lock timeout that would hurt",
    small("limits: { lock: 1s }"),
    "pgvigil.config.yaml:6:17: limits.lock: is above 200ms: the monitor would stand in the way",
  ],
  [
    "a concurrency of none",
    small("limits: { concurrency: 0 }"),
    "pgvigil.config.yaml:6:24: limits.concurrency: expected at least 1, found 0",
  ],
  [
    "a cron of six fields",
    small('profiles: { nightly: { cron: "0 0 3 * * *" } }'),
    "pgvigil.config.yaml:6:30: profiles.nightly.cron: expected five fields, minute hour day month weekday: 6 came",
  ],
  [
    "a cron at no minute",
    small('profiles: { nightly: { cron: "61 3 * * *" } }'),
    'pgvigil.config.yaml:6:30: profiles.nightly.cron: "61" is no minute: 0 to 59, *, 1-5, 1,3 or */5',
  ],
  [
    "a rhythm told twice",
    small('profiles: { hourly: { every: 1h, cron: "7 * * * *" } }'),
    "pgvigil.config.yaml:6:21: profiles.hourly: expected either every or cron, found both",
  ],
  [
    "a time zone that is none",
    small("timezone: Europe/Berlni"),
    "pgvigil.config.yaml:6:11: timezone: expected a time zone such as Europe/Berlin",
  ],
  [
    "a day that is none",
    small("ignore: [{ check: indexes/invalid, reason: x, until: 2027-02-30 }]"),
    'pgvigil.config.yaml:6:54: ignore[0].until: expected a day such as 2027-03-31, found "2027-02-30"',
  ],
  [
    "a rule without a reason",
    small("ignore: [{ check: indexes/invalid }]"),
    "pgvigil.config.yaml:6:10: ignore[0].reason: is missing: expected a text",
  ],
  [
    "a rule that hides everything",
    small("ignore: [{ reason: noise }]"),
    "pgvigil.config.yaml:6:10: ignore[0]: hides everything: say which check, kind, name, facet or role",
  ],
  [
    "a rule for no check",
    small('ignore: [{ check: "index/*", reason: x }]'),
    'pgvigil.config.yaml:6:19: ignore[0].check: no check is called "index/*"',
  ],
  [
    "a facet that is none",
    small("ignore: [{ facet: [privilege], reason: x }]"),
    'pgvigil.config.yaml:6:20: ignore[0].facet[0]: expected structure, validity, privileges, ownership, found "privilege": did you mean "privileges"?',
  ],
  [
    "a facet of the wrong kind",
    small("ignore: [{ facet: 5, reason: x }]"),
    "pgvigil.config.yaml:6:19: ignore[0].facet: expected structure, validity, privileges, ownership or a list, found 5",
  ],
  [
    "a maintenance for nobody",
    small(
      'maintenance: [{ cron: "0 1 * * 0", for: 2h, targets: ["prod/*"], expect: stopped, reason: x }]',
    ),
    'pgvigil.config.yaml:6:55: maintenance[0].targets[0]: there is no target "prod/*"; there is staging/orders',
  ],
  [
    "a subscription without a place",
    small("alerts: { subscriptions: [{ topic: page }] }"),
    "pgvigil.config.yaml:6:27: alerts.subscriptions[0]: expected one of email, httpsEnv, sqs",
  ],
  [
    "an indentation of tabs",
    "schemaVersion: 1\nenvironments:\n\tstaging:\n",
    "pgvigil.config.yaml:3:1: a tab indents here: YAML takes spaces alone",
  ],
  [
    "two documents",
    `${small()}---\na: 1\n`,
    "pgvigil.config.yaml:6:1: a second document begins here: a configuration is one",
  ],
  [
    "a merge key",
    small("limits: { <<: { run: 1min } }"),
    "pgvigil.config.yaml:6:11: YAML 1.2 has no merge key (<<): a setting of an environment holds for its targets",
  ],
  ["a key that is no key", small("__proto__: { a: 1 }"), "pgvigil.config.yaml:6:1: this is no key"],
  [
    "a key with a control character",
    small('"a\\u001b[31m": 1'),
    'pgvigil.config.yaml:6:1: ["a\\u001b[31m"]: unknown key; here may stand $schema, schemaVersion, timezone, reference, store, environments, profiles, owner, auth, checks, ignore, owners, maintenance, alerts, limits, aws',
  ],
];

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
    { numRuns: 300 },
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
