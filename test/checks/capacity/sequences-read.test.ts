import { expect, test } from "vitest";
import type { sequenceCatalog } from "../../../lib/checks/reads/sequence-catalog.ts";
import { sequences } from "../../../lib/checks/reads/sequences.ts";
import { DatabaseError, type ErrorClass } from "../../../lib/core/errors.ts";
import type { Row, Statement } from "../../../lib/core/ports.ts";
import type { ReadContext, ResultOf } from "../../../lib/core/read.ts";

type Entry = ResultOf<typeof sequenceCatalog>[number];

const entry = (of: Partial<Entry>): Entry => ({
  ...{ oid: 1, schema: "public", name: "s", identity: "public.s", sqlSchema: "public", bytes: 8 },
  ...{ start: "1", increment: "1", min: "1", max: "100", cycles: false, columns: [] },
  ...{ maySelect: true, mayRead: true, isElsewhere: false, ...of },
});
const value = { oid: 1, isLocked: false, lastValue: "7", isCalled: true };

/** A server that answers with these in turn, and the questions that it was asked. */
function asked(major: number, catalog: Entry[], answers: readonly (ErrorClass | readonly Row[])[]) {
  const statements: Statement[] = [];
  const rows = async (statement: Statement) => {
    const answer = answers[statements.push(statement) - 1] ?? [];
    if (typeof answer !== "string") return answer;
    throw new DatabaseError(answer, `${answer}!`, { hint: "" });
  };
  const context = {
    server: { versionNum: major * 10_000 },
    session: { rows },
    read: async () => catalog,
  } as unknown as ReadContext;
  return { statements, result: sequences.run(context) };
}

test("a lock that came in between is asked about once more", async () => {
  const { result, statements } = asked(13, [entry({})], ["lock", [value]]);
  expect(await result).toMatchObject([{ lastValue: "7", unseen: null }]);
  expect(statements).toHaveLength(2);
});

test("after the second time it is not seen, and why is known", async () => {
  const locked = asked(13, [entry({})], ["lock", "lock", [value]]);
  expect(await locked.result).toMatchObject([{ lastValue: null, unseen: "lock" }]);
  const late = asked(13, [entry({})], ["timeout", "timeout"]);
  expect(await late.result).toMatchObject([{ lastValue: null, unseen: "timeout" }]);
});

test("any other error is the read's own", async () => {
  await expect(asked(13, [entry({})], ["going-away"]).result).rejects.toThrow("going-away!");
});

test("what holds its locks asks for few at once, and briefly", async () => {
  const many = Array.from({ length: 600 }, (_, oid) => entry({ oid }));
  const before = asked(17, many, []);
  await before.result;
  expect(before.statements.map(({ timeout }) => timeout)).toEqual([0.25, 0.25, 0.25]);
  const since = asked(18, many, []);
  await since.result;
  expect(since.statements.map(({ id }) => id)).toEqual(["sequence-data"]);
});

test("with USAGE alone the data of 18 is refused, so that it is asked the old way", async () => {
  const { result, statements } = asked(18, [entry({ maySelect: false })], [[value]]);
  expect(await result).toMatchObject([{ lastValue: "7" }]);
  expect(statements.map(({ id }) => id)).toEqual(["sequence-last-values"]);
});

test("nothing is asked of what may not be read, and what is gone is left out", async () => {
  const catalog = [
    entry({ oid: 1, mayRead: false, maySelect: false }),
    entry({ oid: 2, isElsewhere: true }),
    entry({ oid: 3 }),
  ];
  const { result, statements } = asked(18, catalog, [[]]);
  expect((await result).map(({ unseen }) => unseen)).toEqual(["privilege", "elsewhere"]);
  expect(statements[0]?.sql).toContain("c.oid IN (3)");
});
