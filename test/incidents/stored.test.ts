import { expect, test } from "vitest";
import { Refused } from "../../lib/core/alert.ts";
import { encode } from "../../lib/core/document.ts";
import { keyOf } from "../../lib/incidents/document.ts";
import { notify } from "../../lib/incidents/notify.ts";
import { post } from "../../lib/incidents/outbox.ts";
import { at, found, passed, runAt, target, world } from "./fleet.ts";

const locks = "locks/blocking-chain";
const critical = found(locks, { a: "critical" });
const key = keyOf(target);

const raw = async ({ store }: ReturnType<typeof world>) =>
  JSON.parse(new TextDecoder().decode((await store.get(key))?.body));

test("a crash between writing and sending sends later, under the same id", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  w.fail(new Error("the network is down"));
  const troubles = await w.look(5, [critical]);
  expect(troubles).toMatchObject([{ outlet: "test", isKept: true, why: "the network is down" }]);
  const [{ bulletin }] = (await raw(w)).outbox;
  w.fail(undefined);
  await w.sweep(6);
  expect(w.sent.map(({ id }) => id)).toEqual([bulletin.id]);
  expect((await raw(w)).outbox).toEqual([]);
});

test("an outlet that was down hears of the beginning before the end", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  w.fail(new Error("down"));
  await w.look(5, [critical]);
  await w.look(10, [passed(locks)]);
  w.fail(undefined);
  await w.sweep(15);
  expect(w.told()).toEqual(["opened a", "resolved a"]);
});

test("a message that is refused is said plainly, and given up where that is refused too", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  const taken: string[] = [];
  const picky = {
    name: "picky",
    async send({ body }: { readonly body: string }) {
      if (body !== "plain") throw new Refused("too large");
      taken.push(body);
    },
  };
  const deaf = {
    name: "deaf",
    async send() {
      throw new Refused("never");
    },
  };
  const delivery = { ...w.how.delivery, outlets: [picky, deaf] };
  const troubles = await notify(runAt(5, [critical]), { ...w.how, delivery });
  expect(taken).toEqual(["plain"]);
  expect(troubles).toMatchObject([{ outlet: "deaf", isKept: false }]);
  expect((await raw(w)).outbox).toEqual([]);
});

test("one outlet that is down does not make the other hear everything again", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  const heard: string[] = [];
  let isDown = true;
  const outlets = [
    { name: "up", send: async ({ id }: { readonly id: string }) => void heard.push(`up ${id}`) },
    {
      name: "down",
      async send({ id }: { readonly id: string }) {
        if (isDown) throw new Error("down");
        heard.push(`down ${id}`);
      },
    },
  ];
  const how = { ...w.how, delivery: { ...w.how.delivery, outlets } };
  await notify(runAt(5, [critical]), how);
  isDown = false;
  await notify(runAt(6, [critical]), how);
  expect(heard.map((line) => line.split(" ")[0])).toEqual(["up", "down"]);
});

test("two runs at once: nothing is lost, and each is told", async () => {
  const w = world();
  await w.look(0, [passed(locks), passed("indexes/invalid")]);
  await Promise.all([
    w.receive(6, runAt(5, [critical])),
    w.receive(6, runAt(6, [found("indexes/invalid", { b: "critical" })])),
  ]);
  expect([...new Set(w.told())].sort()).toEqual(["opened a", "opened b"]);
  expect(Object.keys((await w.document()).incidents)).toHaveLength(2);
});

test("a run that comes twice changes nothing, an older one nothing that a newer look said", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  await w.look(10, [passed(locks)]);
  const before = await raw(w);
  await w.receive(11, runAt(10, [passed(locks)]));
  expect(await raw(w)).toEqual(before);
  await w.receive(12, runAt(5, [critical, found("indexes/invalid", { b: "critical" })]));
  expect(Object.values((await w.document()).incidents).map(({ check }) => check)).toEqual([
    "indexes/invalid",
  ]);
});

test("what a newer release of this major wrote is kept as it was, at every level", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  await w.look(5, [critical]);
  const document = await raw(w);
  const [fingerprint = ""] = Object.keys(document.incidents);
  document.newer = { a: [1] };
  document.incidents[fingerprint].ticket = "OPS-1";
  document.looks[locks].node = "a";
  await w.store.put(key, await encode(key, document));
  await w.look(10, [critical, passed("indexes/invalid")]);
  const now = await raw(w);
  expect(now.newer).toEqual({ a: [1] });
  expect(now.incidents[fingerprint].ticket).toBe("OPS-1");
  expect(now.nonce).not.toBe(document.nonce);
});

test.each([
  ["half of it", "{half"],
  ["one of a newer major release", JSON.stringify({ schemaVersion: 2, incidents: [] })],
])(
  "%s is never written over, and is told with whatever is critical, once a state",
  async (_, text) => {
    const w = world();
    const body = new TextEncoder().encode(text);
    await w.store.put(key, body);
    const troubles = await w.look(5, [critical, found("indexes/invalid", { b: "warning" })]);
    expect(troubles[0]?.why).toContain("cannot be read");
    expect(w.told()).toEqual([`unreadable ${key}`, "opened a"]);
    await w.look(10, [critical]);
    expect(w.told()).toEqual([]);
    await w.look(15, [critical, found("indexes/invalid", { c: "critical" })]);
    expect(w.told()).toEqual([`unreadable ${key}`, "opened a", "opened c"]);
    await w.sweep(20);
    expect((await w.store.get(key))?.body).toEqual(body);
  },
);

test("nobody takes alerts away: what is still open is told by the first who does", async () => {
  const w = world();
  const { delivery: _, ...alone } = w.how;
  await notify(runAt(0, [passed(locks), passed("indexes/invalid")]), alone);
  const others = found("indexes/invalid", { b: "critical" });
  await notify(runAt(5, [critical, others]), alone);
  await notify(runAt(10, [critical, passed("indexes/invalid")]), alone);
  expect((await w.document()).outbox).toEqual([]);
  await w.look(15, [critical]);
  expect(w.told()).toEqual(["opened a"]);
});

test("the verdict of a watch goes out like everything else, once", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  await w.look(5, [critical]);
  const [bulletin] = w.bulletins();
  if (bulletin === undefined) throw new Error("nothing was told");
  w.told();
  const verdict = { ...bulletin, id: "w1:verdict" };
  await post(w.store, verdict);
  await post(w.store, verdict);
  await w.sweep(6);
  expect(w.sent.slice(1).map(({ id }) => id)).toEqual(["w1:verdict"]);
});

test("a clock that ran ahead does not make today's looks look old", async () => {
  const w = world();
  await w.look(600, [passed(locks)]);
  await w.look(0, [critical]);
  expect(w.told()).toEqual(["opened a"]);
  expect((await w.document()).looks[locks]?.at).toBe(at(0));
});

test("the document stays small, however long an incident lasts", async () => {
  const w = world();
  await w.look(0, [passed(locks)]);
  for (let minute = 1; minute < 500; minute += 1) {
    const measure = { value: minute % 97, unit: "count" as const, of: "sessions" };
    const severity = minute % 60 < 5 ? ("warning" as const) : ("critical" as const);
    await w.receive(minute, runAt(minute, [found(locks, { a: { severity, measure } })]));
  }
  const [incident] = Object.values((await w.document()).incidents);
  expect(incident?.timeline.length).toBeLessThanOrEqual(60);
  expect(incident?.timeline[0]).toMatchObject({ what: "found", at: at(1) });
  expect(incident?.samples.length).toBeLessThanOrEqual(48);
  const values = incident?.samples.map(({ value }) => value) ?? [];
  expect([Math.min(...values), Math.max(...values)]).toEqual([0, 96]);
  expect(JSON.stringify(await raw(w)).length).toBeLessThan(20_000);
});

test("a sweep tells a document that cannot be read: nobody may look at that target for a day", async () => {
  const w = world();
  await w.store.put(keyOf(target), new TextEncoder().encode('{"schemaVersion": 2}'));
  for (const minute of [0, 15, 30]) {
    const troubles = await w.sweep(minute);
    expect(troubles.map(({ why }) => why)).toEqual([expect.stringContaining("cannot be read")]);
  }
  expect(w.told()).toEqual([`unreadable ${keyOf(target)}`]);
  const { body } = (await w.store.get(keyOf(target))) ?? {};
  expect(new TextDecoder().decode(body)).toBe('{"schemaVersion": 2}');
});
