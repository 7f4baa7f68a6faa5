import { expect, test } from "vitest";
import type { TextRow } from "../../../lib/core/raw-row.ts";
import { testDatabase } from "../../support/database.ts";
import { sessionAt } from "../../support/look.ts";

const thrice =
  "SELECT n AS a, NULL AS b, n = 2 AS c FROM pg_catalog.generate_series(1, 3) n ORDER BY 1";

test("rows come one by one, as texts, and nothing of what stood before them", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  const rows: TextRow[] = [];
  await session.each({ id: "three", sql: thrice }, () => (row) => rows.push(row.texts([])));
  expect(rows).toEqual([
    ["1", null, "f"],
    ["2", null, "t"],
    ["3", null, "f"],
  ]);
});

test("a taker that throws fails its own question, and the next one is answered", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  const refuse = () => () => {
    throw new Error("not this row");
  };
  await expect(session.each({ id: "three", sql: thrice }, refuse)).rejects.toThrow(/not this row/);
  expect(await session.rows({ id: "one", sql: "SELECT 1 AS a" })).toEqual([{ a: 1 }]);
});

test("an error in mid-answer is classed, and the next question is answered", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  const sql = "SELECT 1 / (3 - n) FROM pg_catalog.generate_series(1, 5) n";
  let taken = 0;
  const counting = () => () => {
    taken += 1;
  };
  await expect(session.each({ id: "five", sql }, counting)).rejects.toMatchObject({
    errorClass: "other",
    sqlstate: "22012",
  });
  expect(taken).toBe(2);
  const slow = { id: "slow", sql: "SELECT pg_catalog.pg_sleep(5)", timeout: 0.05 };
  await expect(session.each(slow, counting)).rejects.toMatchObject({ errorClass: "timeout" });
  expect(await session.rows({ id: "one", sql: "SELECT 1 AS a" })).toEqual([{ a: 1 }]);
});

test("what is no SELECT is refused, and a connection that breaks is going away", async () => {
  await using db = await testDatabase();
  await using session = await sessionAt(db.url());
  const nobody = () => () => {};
  await expect(session.each({ id: "show", sql: "SHOW timezone" }, nobody)).rejects.toMatchObject({
    errorClass: "unexpected-answer",
  });
  const sql = "SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())";
  await expect(session.each({ id: "end", sql }, nobody)).rejects.toMatchObject({
    errorClass: "going-away",
  });
  await expect(session.each({ id: "more", sql: "SELECT 1" }, nobody)).rejects.toMatchObject({
    errorClass: "going-away",
  });
});
