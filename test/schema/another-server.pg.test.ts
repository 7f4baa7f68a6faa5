import { once } from "node:events";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type EmbeddedServer, startEmbedded } from "../../lib/adapters/local/embedded-postgres.ts";
import { memoryStore } from "../../lib/adapters/local/memory-store.ts";
import { schemaDriftFromLast } from "../../lib/checks/schema/drift-from-last.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import type { Store } from "../../lib/core/ports.ts";
import { versionsOf } from "../../lib/schema/token.ts";
import { isAlive } from "../support/is-alive.ts";
import { look, saying } from "../support/look.ts";
import { ownServer } from "../support/own-server.ts";
import { sharedSettings } from "../support/settings.ts";
import { asSuperuser } from "../support/test-server.ts";
import { until } from "../support/until.ts";

const major = inject("major");
let server: EmbeddedServer;
beforeAll(async () => {
  // Before 15 an autovacuum launcher outlives its postmaster for as long as it waits.
  server = await ownServer({ ...sharedSettings, autovacuum: "off" });
  await asSuperuser(server, (client) =>
    client.query("CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t"),
  );
});
afterAll(() => server.stop("immediate"));

/** One who looks again and again, and remembers. */
function looker(store: Store = memoryStore()) {
  let previous: { at: string; memory?: Outcome["memory"] } | undefined;
  return {
    store,
    memory: () => previous,
    remember: (memory: Outcome["memory"]) => {
      previous = { at: "earlier", ...(memory === undefined ? {} : { memory }) };
    },
    async look(url = server.url("postgres")) {
      const outcome = await look(url, schemaDriftFromLast, {
        store,
        ...(previous === undefined ? {} : { previous }),
      });
      this.remember(outcome.memory);
      return { scope: outcome.scope ?? "", found: saying(outcome) };
    },
  };
}

const unread = "no catalog changed";
const inPart = "read again";

async function readsAll(eye: ReturnType<typeof looker>, url?: string) {
  const { scope, found } = await eye.look(url);
  expect(scope).toMatch(/^\d+ objects/);
  expect(scope).not.toContain(unread);
  expect(scope).not.toContain(inPart);
  return found;
}

test("after a restart all is read", async () => {
  const eye = looker();
  await eye.look();
  expect((await eye.look()).scope).toContain(unread);
  await server.restart();
  expect(await readsAll(eye)).toEqual([]);
  expect((await eye.look()).scope).toContain(unread);
});

test("after the crash of a backend all is read, though the postmaster lives on", async () => {
  const eye = looker();
  await eye.look();
  expect((await eye.look()).scope).toContain(unread);
  const pid = server.pid;
  await asSuperuser(server, async (bystander) => {
    bystander.on("error", () => {});
    const ended = once(bystander, "end"); // the postmaster sends everybody away
    await asSuperuser(server, async (client) => {
      client.on("error", () => {});
      const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      process.kill(rows[0]?.pid ?? 0, "SIGKILL");
      await ended;
    });
  }).catch(() => undefined);
  await until(() => asSuperuser(server, (client) => client.query("SELECT 1")));
  expect(server.pid).toBe(pid);
  expect(await readsAll(eye)).toEqual([]);
});

test("after a crash of the server, and on a copy of it that went its own way, all is read", async () => {
  const eye = looker();
  await eye.look();
  expect((await eye.look()).scope).toContain(unread);
  const { pid } = server;
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
  // As a restore from a copy of the files is: the same cluster, the same timeline.
  await using copy = await startEmbedded({
    major,
    settings: sharedSettings,
    existing: {
      password: server.password,
      fill: async (data) => {
        await cp(join(server.directory, "data"), data, { recursive: true });
        await rm(join(data, "postmaster.pid"), { force: true });
      },
    },
  });
  await until(() => server.restart().then(() => true));
  const memory = eye.memory()?.memory;
  expect(await readsAll(eye)).toEqual([]);

  // Both go on with the same transaction numbers: another table of the same shape on either side.
  await asSuperuser(server, (client) => client.query("CREATE TABLE ours (a int)"));
  await asSuperuser(copy, (client) => client.query("CREATE TABLE other (a int)"));
  expect((await eye.look()).found).toEqual(["warning public.ours"]);
  eye.remember(memory);
  expect(await readsAll(eye, copy.url("postgres"))).toEqual(["warning public.other"]);
});

test("what was seen eight days ago is read again, whatever the catalogs say", async () => {
  const eye = looker();
  await eye.look();
  const { memory } = eye.memory() ?? {};
  const long = new Date(Date.now() - 8 * 86_400_000).toISOString();
  const old = (text: string): string => text.replace(/"(since|at)":"20[^"]+"/g, `"$1":"${long}"`);
  eye.remember(JSON.parse(old(JSON.stringify(memory))));
  // The catalogs stand as they did: nothing of it moved, and so it is a part without any object.
  expect((await eye.look()).scope).toMatch(/read again: 0 of \d/);
  for (const key of await eye.store.list("seen/")) {
    const stored = await eye.store.get(key);
    const text = gunzipSync(stored?.body ?? new Uint8Array()).toString();
    await eye.store.put(key, gzipSync(old(text)));
  }
  eye.remember(JSON.parse(old(JSON.stringify(memory))));
  expect(await readsAll(eye)).toEqual([]);
  expect((await eye.look()).scope).toContain(unread);
});

test("a younger transaction with a smaller number is a change: numbers begin anew", async () => {
  const versions = (xids: readonly number[]) => {
    const rows = `(SELECT v.xid::text::xid AS xmin FROM unnest(ARRAY[${xids.join(",")}]) v (xid))`;
    const sql = versionsOf({ catalog: "pg_cast" }, { versionNum: major * 10_000 });
    return asSuperuser(server, async (client) => {
      const { rows: answer } = await client.query(sql.replace("pg_catalog.pg_cast", rows));
      return answer[0]?.hash;
    });
  };
  const before = await versions([7, 4_294_967_290, 4_294_967_290]);
  expect(await versions([4_294_967_290, 7, 4_294_967_290])).toBe(before);
  expect(await versions([7, 4_294_967_290, 3])).not.toBe(before);
  expect(await versions([7, 7, 4_294_967_290])).not.toBe(before);
  expect(await versions([7, 4_294_967_290])).not.toBe(before);
  expect(await versions([7, 4_294_967_290, 4_294_967_290, 3])).not.toBe(before);
});
