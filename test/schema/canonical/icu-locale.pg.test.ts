import { expect, test } from "vitest";
import { languageTag } from "../../../lib/schema/canonical/icu-locale.ts";
import { testDatabase } from "../../support/database.ts";

const locales = [
  "",
  "root",
  "de",
  "de_DE",
  "en-US",
  "und-u-ks-level2",
  "de-DE-u-co-phonebk-kn",
  "de@collation=phonebook",
  "@colStrength=primary",
  "@colStrength=secondary;colCaseLevel=yes",
  "@colStrength=quaternary;colAlternate=shifted",
  "@colStrength=identical;colNormalization=yes",
  "sv_SE@colNumeric=yes;colCaseFirst=upper;colBackwards=yes",
  "zh_Hant_TW@collation=stroke",
];

test("PostgreSQL 16 and newer make the same language tag of an ICU locale", async () => {
  await using db = await testDatabase();
  if (db.major < 16) return;
  const column = db.major < 17 ? "colliculocale" : "colllocale";
  for (const locale of locales) {
    await db.sql("DROP COLLATION IF EXISTS c");
    await db.sql(`CREATE COLLATION c (PROVIDER = icu, LOCALE = '${locale}')`);
    const [row] = await db.sql<{ tag: string }>(
      `SELECT ${column} AS tag FROM pg_collation WHERE collname = 'c'`,
    );
    // What the server keeps may be another spelling of one tag: "kn-true" for "kn".
    expect([locale, languageTag(locale)]).toEqual([locale, languageTag(row?.tag ?? "")]);
  }
});

test("other locales have other tags, and what is none stays as it is", () => {
  expect(new Set(locales.map(languageTag)).size).toBe(locales.length - 1); // "" is "root"
  expect(languageTag("not a locale")).toBe("not a locale");
});
