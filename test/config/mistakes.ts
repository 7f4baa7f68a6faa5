import { small } from "./known.ts";

/** Every mistake that we could think of, the file that makes it, and the words that it gets. */
export const mistakes: readonly (readonly [string, string, string])[] = [
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
    "a share that nothing reaches",
    small('checks: { capacity/connections: { critical: "180%" } }'),
    'pgvigil.config.yaml:6:45: checks["capacity/connections"].critical: is above 100%: that is never reached',
  ],
  [
    "a warning above a critical that nobody wrote",
    small('checks: { capacity/connections: { warning: "97%" } }'),
    'pgvigil.config.yaml:6:44: checks["capacity/connections"].warning: warning is above critical, whose default holds: set both (staging/orders, profile pulse)',
  ],
  [
    "a version in quotes",
    small().replace("schemaVersion: 1", 'schemaVersion: "1"'),
    'pgvigil.config.yaml:1:16: schemaVersion: expected 1, found "1"',
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
    'pgvigil.config.yaml:6:1: ["a\\u001b[31m"]: unknown key; here may stand $schema, schemaVersion, timezone, reference, store, environments, profiles, owner, auth, checks, ignore, baseline, owners, maintenance, alerts, limits, aws',
  ],
];
