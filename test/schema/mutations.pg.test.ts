import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type EmbeddedServer,
  installedMajors,
} from "../../lib/adapters/local/embedded-postgres.ts";
import type { Session } from "../../lib/core/ports.ts";
import { diff } from "../../lib/schema/diff.ts";
import { restore } from "../../lib/schema/restore.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { takeSnapshot } from "../../lib/schema/take.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { sessionAt } from "../support/look.ts";
import { wantedMajors } from "../support/majors.ts";
import { ownServer } from "../support/own-server.ts";
import { readingOf, sayDifferences } from "../support/schema.ts";
import { sharedSettings } from "../support/settings.ts";
import { sharedServer } from "../support/test-server.ts";
import { accessBase, ofAccess, ofAccessSince15, ofAccessSince17 } from "./mutations/access.ts";
import { baseTypesBase, ofBaseTypes, ofBaseTypesSince14 } from "./mutations/base-types.ts";
import { ofCode } from "./mutations/code.ts";
import { ofColumns } from "./mutations/columns.ts";
import { ofConstraints } from "./mutations/constraints.ts";
import { ofIndexes } from "./mutations/indexes.ts";
import { languagesBase, ofLanguages } from "./mutations/languages.ts";
import {
  leftoversBase,
  ofLeftovers,
  ofLeftoversSince14,
  ofLeftoversSince15,
} from "./mutations/leftovers.ts";
import { base } from "./mutations/mutation.ts";
import { since14, since18 } from "./mutations/newer.ts";
import {
  ofOperators,
  ofOperatorsSince16,
  ofOperatorsSince17,
  operatorsBase,
} from "./mutations/operators.ts";
import { ofOthers } from "./mutations/others.ts";
import {
  ofOutside,
  ofOutsideSince14,
  ofOutsideSince15,
  ofOutsideSince18,
  outsideBase,
} from "./mutations/outside.ts";
import { ofRoutines, routinesBase } from "./mutations/routines.ts";
import { ofRules, ofRulesSince14, rulesBase } from "./mutations/rules.ts";
import { ofTables } from "./mutations/tables.ts";
import { ofTextSearch, textSearchBase } from "./mutations/text-search.ts";
import { ofTypes, ofTypesSince14, ofTypesSince17, typesBase } from "./mutations/types.ts";

const { major } = sharedServer();
const onEveryMajor = [
  ...ofTables,
  ...ofColumns,
  ...ofConstraints,
  ...ofIndexes,
  ...ofCode,
  ...ofOthers,
  ...ofRules,
  ...ofAccess,
  ...ofOutside,
  ...ofLeftovers,
  ...ofTypes,
  ...ofBaseTypes,
  ...ofRoutines,
  ...ofOperators,
  ...ofTextSearch,
  ...ofLanguages,
];
const all = [
  ...onEveryMajor,
  ...(major >= 14 ? [...since14, ...ofRulesSince14, ...ofOutsideSince14] : []),
  ...(major >= 14 ? ofLeftoversSince14 : []),
  ...(major >= 14 ? [...ofTypesSince14, ...ofBaseTypesSince14] : []),
  ...(major >= 15 ? [...ofAccessSince15, ...ofOutsideSince15, ...ofLeftoversSince15] : []),
  ...(major >= 16 ? ofOperatorsSince16 : []),
  ...(major >= 17 ? [...ofAccessSince17, ...ofOperatorsSince17, ...ofTypesSince17] : []),
  ...(major >= 18 ? [...since18, ...ofOutsideSince18] : []),
];

const bases = [
  base,
  rulesBase,
  outsideBase,
  leftoversBase,
  typesBase,
  baseTypesBase,
  languagesBase,
  routinesBase,
  operatorsBase,
  textSearchBase,
];

/**
 * Where all versions are tried, each tries everything; else what every one of them has is dealt out
 * among those of the run, which keeps CI within its time.
 */
const isWhole = process.env.PGVIGIL_POSTGRES === "all";
const majors = wantedMajors(process.env.PGVIGIL_POSTGRES, installedMajors());
const tried = all.filter(
  (_, place) =>
    isWhole ||
    place >= onEveryMajor.length ||
    place % majors.length === Math.max(0, majors.indexOf(major)),
);

/**
 * What was read in part is held against what all is: of every mutation where all versions are
 * tried, else of each fifth. That it tells what it should, and nothing after it is undone, is
 * proof for the others.
 */
const proven = new Set(
  tried.flatMap(([name], place) => (isWhole || place % 5 === 0 ? [name] : [])),
);
const isProven = (name: string): boolean => proven.has(name);

describe(`${tried.length} of ${all.length} changes, each told by the name of its object, and of nothing else`, () => {
  // A server of its own: roles and settings are of all databases, and other tests make them.
  let server: EmbeddedServer;
  let db: TestDatabase;
  let before: Snapshot;
  let session: Session;
  let role: string;
  const named = (text: string) => text.replaceAll("{role}", role);
  const look = () => takeSnapshot({ session, server: session.server });
  // As one who knows the last snapshot, and reads what moved since.
  let latest: Snapshot | undefined;
  const read = { all: 0, partly: 0 };
  const lookAgain = async () => {
    const last = latest && readingOf(latest);
    latest = await takeSnapshot({ session, server: session.server, last: async () => last });
    read[latest.readAgain === undefined ? "all" : "partly"] += 1;
    return latest;
  };
  beforeAll(async () => {
    server = await ownServer(sharedSettings);
    db = await testDatabase({ sql: bases.join(";\n"), server });
    role = (await db.role()).name;
    await db.sql(`ALTER ROLE ${role} SUPERUSER; ${named(accessBase)}`);
    session = await sessionAt(db.url());
    before = await lookAgain();
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await db.sql("ALTER SUBSCRIPTION received SET (slot_name = NONE); DROP SUBSCRIPTION received");
    await db[Symbol.asyncDispose]();
    await server.stop("immediate");
  });

  test.each(tried)("%s", async (name, does, undoes, ...told) => {
    await db.sql(named(does));
    const after = await lookAgain();
    const whole = isProven(name) ? await look() : after;
    const [only, ...others] = diff(before, after);
    // The newest undoes it by what we would tell people to type: the same words on every major.
    const remedy = major >= 18 && others.length === 0 && only && restore(only)?.sql;
    try {
      for (const each of remedy ? remedy.split(/;$/m) : [named(undoes)]) await db.sql(each);
      const again = await lookAgain();
      expect(again.seen?.token).not.toBe(after.seen?.token);
      expect(sayDifferences(before, again)).toEqual([]);
      expect(again.tree.checksum).toBe(before.tree.checksum);
    } catch (error) {
      if (remedy) await db.sql(named(undoes)); // for the others
      throw error;
    }
    expect(sayDifferences(before, after)).toEqual(told.map(named));
    expect(after.tree.checksum).not.toBe(before.tree.checksum);
    // Who remembers how the catalogs stood must read them again, there and back.
    expect(after.seen?.token).toBeDefined();
    expect(after.seen?.token).not.toBe(before.seen?.token);
    expect(after.tree).toEqual(whole.tree);
    expect(after.facts).toEqual(whole.facts);
  });

  test("most of it was read in part, and what came of it is what there is", async () => {
    expect((await look()).facts).toEqual(latest?.facts);
    console.info(`of ${read.all + read.partly} looks ${read.partly} read a part`);
    expect(read.partly).toBeGreaterThan(read.all);
  });

  test("a role without any privilege sees all of it, and the same", async () => {
    const { name } = await db.role();
    await db.sql(`REVOKE CONNECT ON DATABASE ${db.name} FROM ${name}`);
    await using plain = await sessionAt(db.url({ user: name }));
    const little = await takeSnapshot({ session: plain, server: plain.server });
    expect(sayDifferences(before, little)).toEqual([]);
    expect(little).toMatchObject({ unread: [], tree: { checksum: before.tree.checksum } });
    expect(little.unmodelled).toEqual(before.unmodelled);
  });

  test("no secret of a connection, a server or a mapping is in it", () => {
    expect(JSON.stringify(before.facts)).not.toContain("hush");
  });
});
