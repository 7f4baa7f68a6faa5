import { expect, test } from "vitest";
import { constraintsDisabledTrigger } from "../../../lib/checks/constraints/disabled-trigger.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";

const hostile = `x"; DROP TABLE orders; --ü '$1`;
const quoted = `"${hostile.replaceAll('"', '""')}"`;

const note = `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`;
const summaries = (outcome: Awaited<ReturnType<typeof look>>) =>
  outcome.findings.map(({ severity, summary }) => `${severity} ${summary}`);

test("triggers that fire pass, those that fire always too, and are counted", async () => {
  await using db = await testDatabase({
    sql: `${note};
          CREATE TABLE customers (id int PRIMARY KEY);
          CREATE TABLE orders (id int UNIQUE DEFERRABLE, customer int REFERENCES customers);
          CREATE TRIGGER audit AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION note();
          CREATE RULE nothing AS ON DELETE TO orders DO ALSO NOTHING;
          UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 'orders'::regclass;
          ALTER TABLE orders ENABLE ALWAYS RULE nothing`,
  });
  const { name } = await db.role();
  expect(await look(db.url({ user: name }), constraintsDisabledTrigger)).toMatchObject({
    status: "passed",
    scope: "1 foreign key, 1 trigger, 1 rule, 0 event triggers",
  });
});

test("user triggers, rules and event triggers are told with hostile names, and mended", async () => {
  await using db = await testDatabase({
    sql: `${note};
          CREATE FUNCTION ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
          CREATE SCHEMA ${quoted};
          CREATE TABLE ${quoted}.${quoted} (id int);
          CREATE TRIGGER ${quoted} AFTER INSERT ON ${quoted}.${quoted} EXECUTE FUNCTION note();
          CREATE CONSTRAINT TRIGGER "On Apply" AFTER INSERT ON ${quoted}.${quoted}
            FOR EACH ROW EXECUTE FUNCTION note();
          CREATE RULE ${quoted} AS ON DELETE TO ${quoted}.${quoted} DO ALSO NOTHING;
          CREATE EVENT TRIGGER ${quoted} ON ddl_command_end EXECUTE FUNCTION ddl();
          ALTER TABLE ${quoted}.${quoted} DISABLE TRIGGER ${quoted};
          ALTER TABLE ${quoted}.${quoted} ENABLE REPLICA TRIGGER "On Apply";
          ALTER TABLE ${quoted}.${quoted} DISABLE RULE ${quoted};
          ALTER EVENT TRIGGER ${quoted} DISABLE`,
  });
  const { name } = await db.role();
  const url = db.url({ user: name });
  const outcome = await look(url, constraintsDisabledTrigger);
  const found = [
    `warning Trigger "On Apply" on ${quoted}.${quoted} fires only where a replica applies rows (ENABLE REPLICA)`,
    `warning Event trigger ${quoted} is disabled: it does not fire`,
    `warning Trigger ${quoted} on ${quoted}.${quoted} is disabled: it does not fire`,
    `warning Rule ${quoted} on ${quoted}.${quoted} is disabled: it does not fire`,
  ];
  expect(summaries(outcome)).toEqual(found);
  for (const { remedy } of outcome.findings) await db.sql(remedy?.sql ?? "");
  expect((await look(url, constraintsDisabledTrigger)).status).toBe("passed");
  for (const { remedy } of outcome.findings) await db.sql(remedy?.undo ?? "");
  expect(summaries(await look(url, constraintsDisabledTrigger))).toEqual(found);
});

test("a trigger of a partitioned table is told once, by name of the partitions where some sleep", async () => {
  await using db = await testDatabase({
    sql: `${note};
          CREATE TABLE orders (id int, region int) PARTITION BY RANGE (id);
          CREATE TABLE low PARTITION OF orders FOR VALUES FROM (0) TO (10) PARTITION BY LIST (region);
          CREATE TABLE low_1 PARTITION OF low FOR VALUES IN (1);
          CREATE TABLE high PARTITION OF orders FOR VALUES FROM (10) TO (20);
          CREATE TRIGGER audit AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION note();
          CREATE TRIGGER own AFTER INSERT ON high FOR EACH ROW EXECUTE FUNCTION note();
          ALTER TABLE low_1 DISABLE TRIGGER audit;
          ALTER TABLE high DISABLE TRIGGER own`,
  });
  const some = await look(db.url(), constraintsDisabledTrigger);
  expect(summaries(some)).toEqual([
    "warning Trigger audit on public.orders is disabled: it does not fire on public.low_1 (1 of 4 tables)",
    "warning Trigger own on public.high is disabled: it does not fire",
  ]);
  expect(some.scope).toContain("2 triggers");
  await db.sql("ALTER TABLE orders DISABLE TRIGGER audit; ALTER TABLE high DISABLE TRIGGER audit");
  await db.sql("ALTER TABLE low DISABLE TRIGGER audit");
  const all = await look(db.url(), constraintsDisabledTrigger);
  expect(summaries(all)[0]).toBe(
    "warning Trigger audit on public.orders is disabled: it does not fire",
  );
  expect(all.findings[0]?.fingerprint).toBe(some.findings[0]?.fingerprint);
  for (const { remedy } of all.findings) await db.sql(remedy?.sql ?? "");
  expect((await look(db.url(), constraintsDisabledTrigger)).status).toBe("passed");
});

test("what an extension switched off is counted, and is no finding", async () => {
  await using db = await testDatabase({
    sql: `${note};
          CREATE FUNCTION ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
          CREATE EVENT TRIGGER theirs ON ddl_command_end EXECUTE FUNCTION ddl();
          ALTER EVENT TRIGGER theirs DISABLE;
          CREATE TABLE queue (id int);
          CREATE TRIGGER woken_by_worker AFTER INSERT ON queue EXECUTE FUNCTION note();
          ALTER TABLE queue ENABLE REPLICA TRIGGER woken_by_worker;
          ALTER EXTENSION plpgsql ADD TABLE queue;
          ALTER EXTENSION plpgsql ADD EVENT TRIGGER theirs`,
  });
  const outcome = await look(db.url(), constraintsDisabledTrigger);
  expect(outcome.status).toBe("passed");
  expect(outcome.scope).toContain("2 switched off by an extension");
  await db.sql("ALTER EXTENSION plpgsql DROP TABLE queue");
  expect(saying(await look(db.url(), constraintsDisabledTrigger))).toEqual([
    "warning woken_by_worker on public.queue",
  ]);
});
