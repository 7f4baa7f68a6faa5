import { createRequire } from "node:module";
import pg from "pg";
import { expect, test } from "vitest";
import { clientConfigOf } from "../../../lib/adapters/postgres/config.ts";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import { testDatabase } from "../../support/database.ts";

const { webcrypto } = createRequire(import.meta.url)("node:crypto");

test("A role's password is derived once for all databases, and anew after it changed", async () => {
  await using db = await testDatabase();
  const role = `scram_${Math.random().toString(36).slice(2)}`;
  const admin = new pg.Client({ connectionString: db.url() });
  await admin.connect();
  let times = 0;
  const deriveBits = webcrypto.subtle.deriveBits;
  webcrypto.subtle.deriveBits = function (...of: unknown[]) {
    times += 1;
    return Reflect.apply(deriveBits, this, of);
  };
  const visit = async (password: string) => {
    const url = new URL(db.url());
    Object.assign(url, { username: role, password });
    const { client } = clientConfigOf({ url: url.href, env: {}, home: "/nowhere" });
    await using session = await openSession(client);
    return session.server.role;
  };
  try {
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'first'`);
    expect([await visit("first"), await visit("first")]).toEqual([role, role]);
    expect(times).toBe(1);
    await expect(visit("wrong")).rejects.toThrow(/password authentication failed/);
    await admin.query(`ALTER ROLE ${role} PASSWORD 'second'`);
    await expect(visit("first")).rejects.toThrow(/password authentication failed/);
    expect(await visit("second")).toBe(role);
  } finally {
    webcrypto.subtle.deriveBits = deriveBits;
    await admin.query(`DROP ROLE IF EXISTS ${role}`);
    await admin.end();
  }
});
