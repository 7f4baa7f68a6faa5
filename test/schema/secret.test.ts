import { expect, test } from "vitest";
import type { Fact } from "../../lib/schema/fact.ts";
import { restore } from "../../lib/schema/restore.ts";
import { hideSecret, withoutPasswords } from "../../lib/schema/secret.ts";

test.each([
  ["password=hush", "password=(hidden)"],
  ["app.api_key=hush", "app.api_key=(hidden)"],
  ["host=a", "host=a"],
  ["app.remote=postgres://anna:hush@db/shop", "app.remote=postgres://anna:(hidden)@db/shop"],
  ["app.remote=host=db password=hush user=a", "app.remote=host=db password=(hidden) user=a"],
  ["app.remote=host=db password='hush, hush'", "app.remote=host=db password=(hidden)"],
])("an option %s is kept as %s", (option, kept) => {
  expect(hideSecret(option)).toBe(kept);
});

test.each([
  [
    "SELECT dblink('host=db dbname=x password=hush', 'SELECT 1')",
    "SELECT dblink('host=db dbname=x password=(hidden)', 'SELECT 1')",
  ],
  [
    "-- it isn't\nSELECT dblink('password=''hush hush'' host=db')",
    "-- it isn't\nSELECT dblink('password=(hidden) host=db')",
  ],
  ["'https://a:hush@b/c' || '?x=1'", "'https://a:(hidden)@b/c' || '?x=1'"],
])("of %s the password alone is hidden", (text, kept) => {
  expect(withoutPasswords(text)).toBe(kept);
});

test.each([
  "UPDATE t SET host = a, password = crypt(new.password, gen_salt('bf')) WHERE id = 1",
  "SELECT * FROM users WHERE host = x AND password = y",
  "IF new.password = old.password THEN RETURN NEW; END IF",
  "PERFORM connect('host=' || h || ' password=' || p)",
  "'https://example.com/a:b@c'",
])("code stays as it is: %s", (text) => {
  expect(withoutPasswords(text)).toBe(text);
});

test("what is hidden would not come back: there is no statement then", () => {
  const view = (definition: string): Fact => ({
    ...{ kind: "view", identity: "public.links", schema: "public", name: "links" },
    facets: { structure: { definition } },
  });
  const removed = (before: Fact) =>
    restore({
      ...{ change: "removed", kind: before.kind, identity: before.identity, before, after: null },
      ...{ attributes: [], consequences: [] },
    });
  const link = (password: string) => ` SELECT 'https://a:${password}@b/'::text AS link;`;
  expect(removed(view(withoutPasswords(link("hush"))))).toBeUndefined();
  expect(removed(view(" SELECT 1 AS link;"))?.sql).toContain("CREATE VIEW public.links AS");
});
