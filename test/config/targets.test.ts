import { expect, test } from "vitest";
import { selectTargets } from "../../lib/config/select.ts";
import { checkLevels, limitsOf, targetsOf } from "../../lib/config/targets.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { sayTarget } from "../../lib/core/target.ts";
import { contractExample, parse } from "./known.ts";

const example = parse(contractExample);
const names = (selection: Parameters<typeof selectTargets>[1]) =>
  selectTargets(example, selection).map(({ target }) => sayTarget(target));

test("a setting holds for all below it, and the innermost wins", () => {
  const config = parse(`schemaVersion: 1
owner: dba
limits: { statement: 3s, concurrency: 2 }
owners: { dba: { contact: a }, shop: { contact: b } }
ignore: [{ kind: table, reason: outer }]
environments:
  production:
    auth: { passwordEnv: A }
    alerts: { warning: now }
    limits: { statement: 2s, lock: 100ms }
    ignore: [{ facet: ownership, reason: middle }]
    targets:
      plain: { url: "postgres://p/plain" }
      special:
        url: "postgres://p/special"
        owner: shop
        auth: { iam: { resourceId: db-ABC } }
        pausable: true
        limits: { lock: 50ms }
        ignore: [{ role: etl, reason: inner, until: 2020-01-01 }]`);
  const [plain, special] = targetsOf(config);
  expect(plain).toMatchObject({
    target: { environment: "production", name: "plain" },
    owner: "dba",
    pausable: false,
    auth: { passwordEnv: "A" },
    alerts: { critical: "now", warning: "now", notice: "never" },
    limits: { connect: 5000, statement: 2000, lock: 100, target: 60_000 },
    ignore: [{ kind: "table" }, { facet: ["ownership"] }],
  });
  expect(special).toMatchObject({
    owner: "shop",
    pausable: true,
    auth: { iam: { resourceId: "db-ABC" } },
    limits: { statement: 2000, lock: 50 },
    ignore: [{ reason: "outer" }, { reason: "middle" }, { reason: "inner", until: "2020-01-01" }],
  });
  expect(limitsOf(config)).toMatchObject({ statement: 3000, run: 600_000, concurrency: 2 });
});

test("the levels of a check come outermost first, as they were written", () => {
  const config = parse(`schemaVersion: 1
checks: { activity/long-transaction: { warning: 4min, for: 2 } }
profiles: { pulse: { checks: { activity/long-transaction: { warning: 3min } } } }
environments:
  staging:
    checks: { activity/long-transaction: { warning: 2min } }
    targets:
      orders:
        url: "postgres://s/orders"
        checks: { activity/long-transaction: { enabled: false } }`);
  const [orders] = targetsOf(config);
  if (orders === undefined) throw new Error("no target");
  const levels = (profile: "pulse" | "nightly") =>
    checkLevels(config, orders, profile).map(
      ({ settings }) => settings["activity/long-transaction"],
    );
  expect(levels("pulse")).toEqual([
    { warning: "4min", for: 2 },
    { warning: "3min" },
    { warning: "2min" },
    { enabled: false },
  ]);
  expect(levels("nightly")[1]).toBe(undefined);
});

test("targets are chosen by full name, pattern, or a bare name that is unique", () => {
  expect(names({})).toEqual([
    "production/orders",
    "production/catalog",
    "staging/orders",
    "staging/catalog",
  ]);
  expect(names({ target: "production/orders" })).toEqual(["production/orders"]);
  expect(names({ target: "production/*" })).toEqual(["production/orders", "production/catalog"]);
  expect(names({ target: "*/orders" })).toEqual(["production/orders", "staging/orders"]);
  expect(names({ target: "ord*" })).toEqual(["production/orders", "staging/orders"]);
  expect(names({ target: "orders", environment: "staging" })).toEqual(["staging/orders"]);
  expect(names({ environment: "prod*" })).toEqual(["production/orders", "production/catalog"]);
});

test.each([
  [
    { target: "orders" },
    "orders is the name of several targets.",
    "Say which: production/orders, staging/orders.",
  ],
  [
    { target: "production/order" },
    "There is no target production/order.",
    "Did you mean production/orders?",
  ],
  [{ target: "ordres" }, "There is no target ordres.", "Did you mean orders?"],
  [
    { target: "x/y" },
    "There is no target x/y.",
    "The configuration has production/orders, production/catalog, staging/orders, staging/catalog.",
  ],
  [{ environment: "stagin" }, "There is no environment stagin.", "Did you mean staging?"],
  [
    { environment: "qa" },
    "There is no environment qa.",
    "The configuration has production, staging.",
  ],
  [
    { environment: "production", target: "staging/orders" },
    "There is no target staging/orders.",
    "The configuration has production/orders, production/catalog.",
  ],
])("%o is answered in words", (selection, message, hint) => {
  try {
    selectTargets(example, selection);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message, hint });
  }
});
