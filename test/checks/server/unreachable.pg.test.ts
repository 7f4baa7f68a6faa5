import { expect, test } from "vitest";
import { serverUnreachable } from "../../../lib/checks/server/unreachable.ts";
import { testDatabase } from "../../support/database.ts";
import { look } from "../../support/look.ts";

test("a database that answers says who it is", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const outcome = await look(db.url({ user: name }), serverUnreachable);
  expect(outcome.status).toBe("passed");
  expect(outcome.scope).toMatch(
    new RegExp(`^PostgreSQL ${db.major}.*, database ${db.name} as ${name}$`),
  );
});

test("a port where nobody listens fails, with what to do", async () => {
  const outcome = await look("postgres://nobody@127.0.0.1:1/none", serverUnreachable);
  expect(outcome).toMatchObject({ status: "failed", cause: "unreachable", findings: [] });
});
