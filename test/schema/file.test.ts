import { expect, test } from "vitest";
import { readSnapshot, SnapshotError, writeSnapshot } from "../../lib/schema/file.ts";
import { type Snapshot, snapshotOf } from "../../lib/schema/snapshot.ts";

const snapshot: Snapshot = snapshotOf(
  [
    {
      kind: "table",
      identity: 'public."odd ""name"""',
      schema: "public",
      name: 'odd "name"',
      facets: { structure: { rowSecurity: true }, ownership: { owner: "anna" } },
    },
  ],
  {
    unread: [],
    unmodelled: { policy: 3 },
    server: { version: "18.4", versionNum: 180_004, systemIdentifier: null, database: "shop" },
    takenAt: "2026-11-20T03:00:00.000Z",
  },
);

const refusal = (text: string) => {
  try {
    readSnapshot(text, "seal.json");
  } catch (error) {
    if (error instanceof SnapshotError) return `${error.message} | ${error.hint}`;
    throw error;
  }
  return "accepted";
};

const changed = (change: object) =>
  JSON.stringify({ ...JSON.parse(writeSnapshot(snapshot)), ...change });

test("what is written is read again", () => {
  expect(readSnapshot(writeSnapshot(snapshot), "a.json")).toEqual(snapshot);
});

test("the head has the checksum of the schema, one a facet, counts and versions", () => {
  expect(JSON.parse(writeSnapshot(snapshot, { pass2: snapshot.tree.checksum }))).toMatchObject({
    schemaVersion: 1,
    pass1_checksum: snapshot.tree.checksum,
    pass2_checksum: snapshot.tree.checksum,
    canonical: 1,
    complete: true,
    counts: { table: 1 },
    unmodelled: { policy: 3 },
    server: { version: "18.4" },
    tree: { facets: { structure: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) } },
  });
});

test("a seal only has no objects", () => {
  const text = writeSnapshot(snapshot, { sealOnly: true });
  expect(text).not.toContain("odd");
  const seal = readSnapshot(text, "seal.json");
  expect(seal.facts).toBeUndefined();
  expect(seal.tree.checksum).toBe(snapshot.tree.checksum);
});

test("an object a line, so that a text diff of two files is of use", () => {
  const lines = writeSnapshot(snapshot).split("\n");
  expect(lines.filter((line) => line.includes("odd"))).toHaveLength(1);
});

test("a hash of pg_dump text in somebody's own seal is refused with that sentence", () => {
  const theirs = JSON.stringify({ pass1_checksum: "0f3c", pass2_checksum: "0f3c" });
  expect(refusal(theirs)).toMatch(
    /^seal\.json holds a hash of pg_dump text, .* \| Seal the schema/,
  );
});

test("what is damaged, newer, older or something else is refused, each with what to do", () => {
  expect(refusal(changed({ objects: [] }))).toMatch(/is damaged: .* \| Take it again/);
  expect(refusal(changed({ pass1_checksum: `sha256:${"0".repeat(64)}` }))).toMatch(/is damaged/);
  expect(refusal(changed({ canonical: 99 }))).toMatch(/written by a newer pgvigil .*99/);
  expect(refusal(changed({ schemaVersion: 2 }))).toMatch(/newer pgvigil \(schemaVersion 2/);
  expect(refusal(changed({ canonical: 0 }))).toMatch(/canonical version 0; .* not compared/);
  expect(refusal("{}")).toMatch(/is no snapshot/);
  expect(refusal("-- PostgreSQL database dump")).toMatch(/is no snapshot/);
});
