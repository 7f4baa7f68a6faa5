import { describe, expect, test } from "vitest";
import { openSession } from "../../../lib/adapters/postgres/session.ts";
import { testDatabase } from "../../support/database.ts";
import { pgbouncer, startPooler } from "../../support/pgbouncer.ts";
import { connect, sharedServer } from "../../support/test-server.ts";

// What PgBouncer says is held against rows in classify.test.ts, which needs none. Here it says it.
if (pgbouncer === undefined) {
  console.warn("No pgbouncer on this machine (apt-get install pgbouncer): its tests are skipped.");
}

const sleeping = { id: "try", sql: "SELECT pg_catalog.pg_sleep(30)::text AS slept" };
const one = { id: "try", sql: "SELECT 1 AS one" };

describe.skipIf(pgbouncer === undefined)("with PgBouncer in between", () => {
  test.each(["session", "transaction", "statement"])(
    "pool_mode = %s: reads as ever, and nothing stays behind",
    async (mode) => {
      await using db = await testDatabase();
      await using pooler = await startPooler({
        server: db.server,
        settings: {
          pool_mode: mode,
          default_pool_size: 1,
          server_reset_query: "",
          max_client_conn: 10,
        },
      });
      const config = {
        host: "127.0.0.1",
        port: pooler.port,
        database: db.name,
        user: db.server.user,
        password: db.server.password,
      };
      const state = async () => {
        const app = await connect({ ...config, application_name: "shop" });
        try {
          const settings = await app.query(
            "SELECT pg_backend_pid() AS pid, name, setting FROM pg_settings ORDER BY name",
          );
          const prepared = await app.query("SELECT name FROM pg_prepared_statements");
          const locks = await app.query(
            "SELECT 1 FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'",
          );
          return { settings: settings.rows, prepared: prepared.rows, locks: locks.rows };
        } finally {
          await app.end();
        }
      };
      const before = await state();
      {
        await using session = await openSession(config);
        expect(session.server.backendPid).toBe(before.settings[0].pid);
        expect(await session.rows(one)).toEqual([{ one: 1 }]);
        await expect(session.rows({ id: "try", sql: "SELECT 1/0 AS one" })).rejects.toThrow(
          "22012",
        );
        await expect(session.rows({ ...sleeping, timeout: 0.05 })).rejects.toMatchObject({
          errorClass: "timeout",
        });
        expect(await session.rows(one)).toEqual([{ one: 1 }]);
      }
      expect(await state()).toEqual(before);
    },
  );

  test("a role that it does not know, a database that is not there", async () => {
    await using db = await testDatabase();
    await using pooler = await startPooler({ server: db.server, settings: {} });
    const { user, password } = db.server;
    const config = { host: "127.0.0.1", port: pooler.port, database: db.name, user, password };
    await expect(openSession({ ...config, user: "stranger" })).rejects.toMatchObject({
      errorClass: "authentication",
    });
    await expect(openSession({ ...config, password: "wrong" })).rejects.toMatchObject({
      errorClass: "authentication",
    });
    await expect(openSession({ ...config, database: "nowhere" })).rejects.toMatchObject({
      errorClass: "authentication",
      message: expect.stringContaining("nowhere"),
    });
  });

  test("it is full, or has no free connection to the server", async () => {
    await using db = await testDatabase();
    const { user, password } = db.server;
    await using pooler = await startPooler({
      server: db.server,
      settings: {
        max_client_conn: 2,
        default_pool_size: 1,
        query_wait_timeout: 1,
        pool_mode: "transaction",
      },
    });
    const config = { host: "127.0.0.1", port: pooler.port, database: db.name, user, password };
    const busy = await connect(config);
    await busy.query("BEGIN");
    await expect(openSession(config)).rejects.toMatchObject({
      errorClass: "too-many-connections",
      message: expect.stringContaining(`for database ${db.name}: query_wait_timeout`),
    });
    const other = await connect(config);
    await expect(openSession(config)).rejects.toMatchObject({
      errorClass: "too-many-connections",
      message: expect.stringContaining("max_client_conn"),
    });
    await busy.end();
    await other.end();
  });

  test("it is there, the server behind it is not", async () => {
    const { user, password } = sharedServer();
    await using pooler = await startPooler({
      server: { host: "127.0.0.1", port: 1, user, password },
      settings: { query_wait_timeout: 1, server_login_retry: 15 },
    });
    const config = { host: "127.0.0.1", port: pooler.port, database: "orders", user, password };
    await expect(openSession(config)).rejects.toMatchObject({
      message: expect.stringContaining("query_wait_timeout"),
      hint: expect.stringContaining("cannot reach the server"),
    });
  });

  test("the server behind it is full", async () => {
    await using db = await testDatabase();
    const limited = await db.role({ attributes: "CONNECTION LIMIT 1" });
    await db.connect({ user: limited.name });
    await using pooler = await startPooler({
      server: db.server,
      settings: { query_wait_timeout: 3, server_login_retry: 1 },
      users: [[limited.name, limited.password]],
    });
    const config = {
      host: "127.0.0.1",
      port: pooler.port,
      database: db.name,
      user: limited.name,
      password: limited.password,
    };
    await expect(openSession(config)).rejects.toMatchObject({ errorClass: "too-many-connections" });
  });

  test("a startup parameter that it does not pass on", async () => {
    await using db = await testDatabase();
    const { user, password } = db.server;
    await using pooler = await startPooler({ server: db.server, settings: {} });
    const config = { host: "127.0.0.1", port: pooler.port, database: db.name, user, password };
    await expect(openSession({ ...config, options: "-c geqo=off" })).rejects.toMatchObject({
      hint: expect.stringContaining("ignore_startup_parameters"),
    });
  });
});
