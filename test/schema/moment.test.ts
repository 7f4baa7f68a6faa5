import { expect, test } from "vitest";
import type { Statement } from "../../lib/core/ports.ts";
import { momentAfter, momentNow } from "../../lib/schema/moment.ts";
import { thereBy } from "../../lib/schema/token.ts";
import { fakeSession } from "../support/fake-session.ts";

const asked = (hash: string, visible: string | null) => {
  const answer = ({ id }: Statement) =>
    id === "schema-visible"
      ? [{ visible }]
      : [
          { catalog: "pg_class", hash, kinds: null },
          { catalog: "pg_current_snapshot()", hash: visible, kinds: null },
        ];
  const session = fakeSession(answer);
  return { session, ids: () => session.asked.map(({ id }) => id) };
};

test("where the same transactions are seen, the catalogs are not looked at again", async () => {
  const { session, ids } = asked("1", "700:703:700");
  const before = await momentNow(session);
  expect(before).toMatchObject({ token: [{ catalog: "pg_class" }], visible: "700:703:700" });
  expect(await momentAfter(session, before)).toBe(before);
  expect(ids()).toEqual(["schema-token", "schema-visible"]);
});

test("where anybody committed, or it cannot be told, they are", async () => {
  const before = await momentNow(asked("1", "700:703:700").session);
  const later = asked("2", "703:703:");
  expect((await momentAfter(later.session, before)).token).toMatchObject([{ hash: "2" }]);
  expect(later.ids()).toEqual(["schema-visible", "schema-token"]);
  const onStandby = asked("2", null);
  const after = await momentAfter(onStandby.session, { ...before, visible: null });
  expect(after).toMatchObject({ token: [{ hash: "2" }], visible: null });
  expect(onStandby.ids()).toEqual(["schema-token"]);
});

test("what is there to ask for is what users made, or what nobody counted", () => {
  const has = thereBy([
    { catalog: "pg_policy", hash: "1", kinds: "made" },
    { catalog: "pg_type", hash: "1", kinds: "d,e" },
    { catalog: "pg_inherits", hash: null, kinds: null },
    { catalog: "pg_constraint", hash: "1", kinds: null },
  ]);
  expect(has("pg_policy")).toBe(true);
  expect([has("pg_type", "e"), has("pg_type", "b")]).toEqual([true, false]);
  expect([has("pg_inherits"), has("pg_publication_rel")]).toEqual([false, false]);
  expect(has("pg_constraint")).toBe(true);
});
