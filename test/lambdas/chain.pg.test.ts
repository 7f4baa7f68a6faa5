import { expect, test } from "vitest";
import { configFor, deployment } from "../support/aws/functions.ts";
import { testDatabase } from "../support/database.ts";

test("A tick becomes a run, a run an incident, an incident a mail", async () => {
  await using db = await testDatabase({ sql: "CREATE TABLE orders (id int PRIMARY KEY)" });
  const config = configFor({
    "production/orders": db.url(),
    "production/gone": "postgres://pgvigil:x@127.0.0.1:1/gone",
  });
  await using here = await deployment(config);
  await here.whole("pulse");
  const runs = await here.runs();
  expect(runs.flatMap(({ reports }) => reports.map(({ target }) => target.name)).sort()).toEqual([
    "gone",
    "orders",
  ]);
  expect(here.mails()).toEqual([expect.stringContaining("production/gone")]);
  const [mail] = here.aws.queues.of("mail");
  // What is typed finds the store, and the link the run.
  expect(mail?.body).toMatch(/^Quiet .*pgvigil ack [0-9a-f]{8} .*--store s3:\/\/vigil/ms);
  expect(mail?.body).toMatch(
    /^Report {3}https:\/\/eu-central-1\.console\.aws\.amazon\.com\/s3\/object\/vigil\?\S+-pulse-0\.json\.gz$/m,
  );
  expect(here.counted).toEqual(["UnreachableTargets=1", "Heartbeat{pulse}=1"]);
  expect(here.lines.filter(({ level }) => level === "error")).toEqual([]);
});
