import { expect, test } from "vitest";
import { memoryStore } from "../../../lib/adapters/local/memory-store.ts";
import { schemaDriftFromEnvironment } from "../../../lib/checks/schema/drift-from-environment.ts";
import { schemaDriftFromLast } from "../../../lib/checks/schema/drift-from-last.ts";
import type { JudgeContext } from "../../../lib/core/check.ts";
import type { Reference } from "../../../lib/core/read.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";

const production = { environment: "production", name: "orders" };
const staging = { environment: "staging", name: "orders" };

const shop = `
  CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
  INSERT INTO schema_migrations VALUES (41, false);
  CREATE TABLE "odd ""orders" (id int PRIMARY KEY, total int);
  CREATE TABLE events (at date) PARTITION BY RANGE (at);`;

interface LookHere {
  readonly previous?: JudgeContext["previous"];
  readonly now?: Date;
  readonly options?: object;
  readonly user?: string;
}

/** Two databases of one shape; `at` is how staging looks at itself against production's last look. */
async function twoEnvironments(sql = shop) {
  const [there, here] = [await testDatabase({ sql }), await testDatabase({ sql })];
  const store = memoryStore();
  let memory: unknown;
  const reference: Reference = {
    target: production,
    recall: async () => () => (memory === undefined ? undefined : { at: "then", memory }),
  };
  return {
    there,
    here,
    async lookThere() {
      const settings = { store, target: production, patient: true };
      memory = (await look(there.url(), schemaDriftFromLast, settings)).memory;
      expect(memory).toBeDefined();
    },
    lookHere: ({ user, ...more }: LookHere = {}) =>
      look(here.url(user === undefined ? {} : { user }), schemaDriftFromEnvironment, {
        store,
        target: staging,
        reference,
        patient: true,
        ...more,
        options: { ...more.options },
      }),
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]();
      await here[Symbol.asyncDispose]();
    },
  };
}

test("without a look at the reference there is nothing to hold it against, with the words to type", async () => {
  await using at = await twoEnvironments();
  expect(await at.lookHere()).toMatchObject({
    status: "skipped",
    cause: "not-applicable",
    cure: "pgvigil check --target production/orders --only schema/drift-from-last",
  });
});

test("the reference itself, or a target without one, is not applicable", async () => {
  await using db = await testDatabase();
  const outcome = await look(db.url(), schemaDriftFromEnvironment, { store: memoryStore() });
  expect(outcome).toMatchObject({ status: "skipped", cause: "not-applicable" });
});

test("equal schemas pass, whoever may read them and whatever is written about them", async () => {
  await using at = await twoEnvironments();
  await at.lookThere();
  const { name } = await at.here.role();
  await at.here.sql(
    `GRANT SELECT ON "odd ""orders" TO "${name}"; COMMENT ON TABLE events IS 'staging'`,
  );
  const outcome = await at.lookHere();
  expect(outcome.status).toBe("passed");
  expect(outcome.scope).toMatch(
    /held against production\/orders as it was \d+ s ago; privileges, ownership, comments left out$/,
  );
  const strict = await at.lookHere({ options: { facets: ["structure", "comments"] } });
  expect(saying(strict)).toEqual(["warning public.events"]);
});

test("what no pending migration explains is told by name: here, there, or on both sides", async () => {
  await using at = await twoEnvironments();
  await at.lookThere();
  await at.here.sql(
    `ALTER TABLE "odd ""orders" ALTER total TYPE bigint; CREATE INDEX more ON events (at)`,
  );
  const outcome = await at.lookHere();
  expect(outcome.findings.map(({ summary }) => summary)).toEqual([
    'Column public."odd ""orders".total is not as in production/orders: type bigint here, integer in production/orders',
    "Index public.more is not in production/orders",
  ]);
  await at.here.sql(`DROP TABLE events`);
  const { findings } = await at.lookHere();
  expect(findings.map(({ summary }) => summary)).toContain(
    "Table public.events is in production/orders, and not here",
  );
});

test("what a pending migration explains is one notice, and a warning only after two weeks", async () => {
  await using at = await twoEnvironments();
  await at.lookThere();
  await at.here.sql(`
    CREATE TABLE shipped (id int PRIMARY KEY);
    CREATE INDEX more ON events (at);
    UPDATE schema_migrations SET version = 42`);
  const first = await at.lookHere();
  expect(saying(first)).toEqual(["notice staging/orders and production/orders"]);
  expect(first.findings[0]?.summary).toBe(
    "2 differences from production/orders, explained by migrations: 42 not applied in production/orders",
  );
  const previous = { at: "then", ...(first.memory === undefined ? {} : { memory: first.memory }) };
  const soon = new Date(Date.now() + 6 * 86_400_000);
  expect(saying(await at.lookHere({ previous, now: soon }))[0]).toMatch(/^notice/);
  const late = new Date(Date.now() + 15 * 86_400_000);
  const outcome = await at.lookHere({ previous, now: late, options: { maxAge: "30d" } });
  expect(saying(outcome)).toEqual(["warning staging/orders and production/orders"]);
});

test("what was there while no migration was pending is explained by none that comes later", async () => {
  await using at = await twoEnvironments();
  await at.lookThere();
  await at.here.sql("CREATE TABLE by_hand (id int)");
  let memory: unknown;
  const lookHere = async () => {
    const previous = { at: "then", memory } as JudgeContext["previous"];
    const outcome = await at.lookHere({ previous });
    memory = outcome.memory;
    return saying(outcome);
  };
  expect(await lookHere()).toEqual(["warning public.by_hand"]);
  await at.lookThere();
  expect(await lookHere()).toEqual(["warning public.by_hand"]);
  await at.here.sql("CREATE TABLE shipped (id int); UPDATE schema_migrations SET version = 42");
  const both = ["warning public.by_hand", "notice staging/orders and production/orders"];
  expect(await lookHere()).toEqual(both);
  await at.here.sql("ALTER TABLE shipped ADD COLUMN more int");
  expect(await lookHere()).toEqual(both);
});

test("a role that may not read the tracker sees the same, and says that migrations are not known", async () => {
  await using at = await twoEnvironments();
  await at.lookThere();
  await at.here.sql(
    "CREATE TABLE shipped (id int PRIMARY KEY); UPDATE schema_migrations SET version = 42",
  );
  const { name } = await at.here.role();
  const outcome = await at.lookHere({ user: name });
  expect(saying(outcome)).toEqual(["warning public.shipped"]);
  expect(outcome.scope).toMatch(
    /; migrations are not known: public\.schema_migrations \(golang-migrate\) may not be read/,
  );
});

test("a reference that nobody looked at for long says nothing", async () => {
  await using at = await twoEnvironments();
  await at.lookThere();
  await at.here.sql("CREATE TABLE more (id int)");
  const outcome = await at.lookHere({ now: new Date(Date.now() + 8 * 86_400_000) });
  expect(outcome).toMatchObject({
    status: "skipped",
    cause: "error",
    reason: expect.stringContaining("is 8 d old"),
    findings: [],
  });
});

test("how many partitions each has is no difference between environments", async () => {
  await using at = await twoEnvironments();
  const partition = (year: number) =>
    `CREATE TABLE events_${year} PARTITION OF events FOR VALUES FROM ('${year}-01-01') TO ('${year + 1}-01-01');`;
  await at.there.sql(`${partition(2024)} ${partition(2025)}`);
  await at.lookThere();
  await at.here.sql(partition(2026));
  expect(await at.lookHere()).toMatchObject({
    status: "passed",
    scope: expect.stringContaining(
      "1 partition of the usual shape here alone; 2 partitions of the usual shape there alone",
    ),
  });
});
