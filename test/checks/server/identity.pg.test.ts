import { expect, test } from "vitest";
import { serverIdentity } from "../../../lib/checks/server/identity.ts";
import { testDatabase } from "../../support/database.ts";
import { look, saying } from "../../support/look.ts";

test("a first look remembers who answered, a second one finds the same", async () => {
  await using db = await testDatabase();
  const { name } = await db.role();
  const first = await look(db.url({ user: name }), serverIdentity);
  expect(first).toMatchObject({ status: "passed", memory: { inRecovery: false } });
  const previous = { at: "2026-11-20T03:00:00Z", memory: first.memory };
  const second = await look(db.url({ user: name }), serverIdentity, { previous });
  expect(second.scope).toMatch(/^system identifier \d+, as last time$/);
});

test("another database under the same name is told before anything is compared", async () => {
  await using before = await testDatabase();
  await using after = await testDatabase();
  const { memory } = await look(before.url(), serverIdentity);
  const previous = { at: "2026-11-20T03:00:00Z", memory };
  const outcome = await look(after.url(), serverIdentity, { previous });
  expect(saying(outcome)).toEqual([`notice ${after.name}`]);
  expect(outcome.findings[0]?.summary).toMatch(/database OID: \d+ -> \d+/);
});

test("a memory that cannot be read is no reason to tell of a change", async () => {
  await using db = await testDatabase();
  const previous = { at: "2026-11-20T03:00:00Z", memory: { nonsense: true } };
  expect((await look(db.url(), serverIdentity, { previous })).status).toBe("passed");
});
