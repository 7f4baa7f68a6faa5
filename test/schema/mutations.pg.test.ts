import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "../../lib/core/ports.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { takeSnapshot } from "../../lib/schema/take.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";
import { sayDifferences } from "../support/schema.ts";
import { sharedServer } from "../support/test-server.ts";
import { ofCode } from "./mutations/code.ts";
import { ofColumns } from "./mutations/columns.ts";
import { ofConstraints } from "./mutations/constraints.ts";
import { ofIndexes } from "./mutations/indexes.ts";
import { base } from "./mutations/mutation.ts";
import { since14, since18 } from "./mutations/newer.ts";
import { ofOthers } from "./mutations/others.ts";
import { ofRules, ofRulesSince14, rulesBase } from "./mutations/rules.ts";
import { ofTables } from "./mutations/tables.ts";

const { major } = sharedServer();
const mutations = [
  ...ofTables,
  ...ofColumns,
  ...ofConstraints,
  ...ofIndexes,
  ...ofCode,
  ...ofOthers,
  ...ofRules,
];
const all = [
  ...mutations,
  ...(major >= 14 ? [...since14, ...ofRulesSince14] : []),
  ...(major >= 18 ? since18 : []),
];

describe("a change is told by the name of the object, and of nothing else", () => {
  let db: TestDatabase;
  let before: Snapshot;
  let session: Session;
  const look = () => takeSnapshot({ session, server: session.server });
  beforeAll(async () => {
    db = await testDatabase({ sql: base + rulesBase });
    session = await sessionAt(db.url());
    before = await look();
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await db[Symbol.asyncDispose]();
  });

  test.each(all)("%s", async (_name, does, undoes, ...told) => {
    await db.sql(does);
    const after = await look();
    await db.sql(undoes);
    const again = await look();
    expect(sayDifferences(before, after)).toEqual(told);
    expect(after.tree.checksum).not.toBe(before.tree.checksum);
    expect(sayDifferences(before, again)).toEqual([]);
    expect(again.tree.checksum).toBe(before.tree.checksum);
  });
});
