import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Alert, Bulletin } from "../../lib/core/alert.ts";
import { isBlind } from "../../lib/core/outcome.ts";
import type { RunDocument } from "../../lib/core/report.ts";
import { rank } from "../../lib/core/severity.ts";
import { acknowledge } from "../../lib/incidents/accept.ts";
import { at } from "./fleet.ts";
import { type Look, type Operation, operations, runOf } from "./histories.ts";
import { Model } from "./model.ts";
import { pureShell, type Shell, storeShell } from "./shells.ts";

interface Silence {
  /** Ids of the bulletins that were on their way by then. */
  readonly before: ReadonlySet<string>;
  readonly fingerprint: string;
  readonly severity: Alert["severity"];
  readonly until: string;
  /** Those by the time when it was over, or another one took its place. */
  ended?: ReadonlySet<string>;
}

/** Plays a history to its end, and answers with what the laws are held against. */
async function play(history: readonly Operation[], shell: Shell) {
  const model = new Model();
  let minutes = 0;
  const now = () => new Date(at(minutes));
  const runs: RunDocument[] = [];
  const held: RunDocument[] = [];
  const silences: Silence[] = [];
  const takenIn = new Set<string>();

  const take = async (some: readonly RunDocument[], crash: Look["crash"] = null) => {
    await shell.take(some, now(), crash);
    // What was taken in, in the order in which it was, whether or not somebody was told so.
    for (const id of (await shell.document())?.runs ?? []) {
      const run = runs.find((each) => each.run.id === id);
      if (run !== undefined && !takenIn.has(id)) model.take(run, now());
      takenIn.add(id);
    }
  };

  const endSilences = (isOver: (silence: Silence) => boolean) => {
    for (const silence of silences) {
      if (isOver(silence)) silence.ended ??= new Set(shell.put);
    }
  };
  const turnClock = (by: number) => {
    minutes += by;
    endSilences(({ until }) => at(minutes) >= until);
  };

  for (const operation of history) {
    if (operation.kind === "look") {
      turnClock(operation.after);
      const run = runOf(operation, minutes, runs.length);
      runs.push(run);
      const { comes, crash } = operation;
      if (comes === "late") {
        held.push(run);
        continue;
      }
      const all = [run, ...(comes === "at-once" ? held.splice(0, 1) : [])];
      await take(all, crash);
      // Whoever crashed is handed it again; whoever did not may be, too.
      if (comes === "twice" || all.some((each) => !takenIn.has(each.run.id))) await take(all);
    } else if (operation.kind === "sweep") {
      turnClock(operation.after);
      await shell.sweep(now());
    } else if (operation.kind === "again") {
      const run = runs[operation.which % Math.max(1, runs.length)];
      if (run !== undefined && takenIn.has(run.run.id)) await take([run]);
    } else {
      const incidents = Object.values((await shell.document())?.incidents ?? {});
      const open = incidents.filter(({ state }) => state === "open");
      const one = open[operation.which % Math.max(1, open.length)];
      if (one === undefined) continue;
      const { fingerprint, severity } = one;
      const until = at(minutes + operation.minutes);
      const said = { by: "ada", why: "at it", at: at(minutes), until };
      await shell.change((document) => acknowledge(document, fingerprint, said));
      endSilences((silence) => silence.fingerprint === fingerprint);
      silences.push({ before: new Set(shell.put), fingerprint, severity, until });
    }
  }
  for (const run of held) await take([run]);
  await shell.sweep(now());
  const before = shell.sent.length;
  // Two days later, whatever is open and nobody's is reminded of.
  turnClock(48 * 60 + 600);
  await shell.sweep(now());
  const { sent, put } = shell;
  const document = await shell.document();
  return { document, model, runs, sent, put, silences, before, alerts: told(sent) };
}

type Played = Awaited<ReturnType<typeof play>>;

/** Each alert once, in the order in which it was first told. */
const told = (sent: readonly Bulletin[]): readonly Alert[] =>
  [
    ...new Map(
      sent.flatMap(({ alerts }) => alerts.map((alert) => [alert.id, alert] as const)).reverse(),
    ).values(),
  ].reverse();

const of = (alerts: readonly Alert[], fingerprint: string) =>
  alerts.filter(({ finding }) => finding.fingerprint === fingerprint);

const things = (runs: readonly RunDocument[]) => [
  ...new Set(
    runs.flatMap(({ reports }) =>
      reports.flatMap(({ outcomes }) =>
        outcomes.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint)),
      ),
    ),
  ),
];

const laws: Readonly<Record<string, (played: Played) => void>> = {
  "what is open is what the newest looks found": ({ document, model }) => {
    const open = Object.values(document?.incidents ?? {}).filter(({ state }) => state === "open");
    const severities = (pairs: (readonly [string, string])[]) => Object.fromEntries(pairs.sort());
    expect(severities(open.map((each) => [each.fingerprint, each.severity]))).toEqual(
      severities([...model.open]),
    );
  },

  "whatever was put into the outbox was sent": ({ document, sent, put }) => {
    expect(document?.outbox ?? []).toEqual([]);
    const ids = new Set(sent.map(({ id }) => id));
    expect([...put].filter((id) => !ids.has(id))).toEqual([]);
  },

  "nothing begins twice, and nothing ends that did not begin": ({ alerts, runs }) => {
    for (const fingerprint of things(runs)) {
      let isOpen = false;
      for (const { status } of of(alerts, fingerprint)) {
        if (status === "opened") expect(isOpen).toBe(false);
        if (status === "eased" || status === "resolved") expect(isOpen).toBe(true);
        isOpen = status !== "resolved";
      }
    }
  },

  "an end has a look that saw everything and did not find it": ({ alerts, runs }) => {
    for (const alert of alerts.filter(({ status }) => status === "resolved")) {
      if (alert.finding.object.kind === "check" || alert.note?.startsWith("It came")) continue;
      const looks = runs.filter(({ run }) => run.startedAt === alert.at);
      const isSeen = looks.some(({ reports }) =>
        reports.some(({ outcomes }) =>
          outcomes.some(
            (one) =>
              one.check === alert.check &&
              (one.status === "passed" || one.status === "found") &&
              !isBlind(one) &&
              !one.findings.some((each) => each.fingerprint === alert.finding.fingerprint),
          ),
        ),
      );
      expect(isSeen).toBe(true);
    }
  },

  "every critical thing that is open was told as critical, and is reminded of": (played) => {
    const { model, alerts, sent, document, before } = played;
    for (const [fingerprint, severity] of model.open) {
      const incident = document?.incidents[fingerprint];
      if (severity !== "critical" || model.dayOne.has(fingerprint)) continue;
      const last = of(alerts, fingerprint).at(-1);
      expect([last?.severity, last?.status === "resolved"]).toEqual(["critical", false]);
      if (incident?.flapping !== undefined) continue;
      const later = sent.slice(before).flatMap(({ alerts }) => alerts);
      // Whoever was asked to be silent tells it afterwards, from its beginning.
      const status = of(later, fingerprint).map((alert) => alert.status);
      expect(status.join()).toMatch(/^(reminded|opened|worsened|flapping)$/);
    }
  },

  "what ended is told as ended to whom its beginning was told": ({
    document,
    model,
    alerts,
    runs,
  }) => {
    for (const fingerprint of things(runs)) {
      const { state, flapping } = document?.incidents[fingerprint] ?? {};
      const isUndecided = state === "pending" && flapping !== undefined;
      if (model.open.has(fingerprint) || isUndecided) continue;
      const last = of(alerts, fingerprint).at(-1);
      if (last !== undefined) expect(last.status).toBe("resolved");
    }
  },

  "an acknowledgement silences until its end": ({ sent, silences }) => {
    for (const { before, ended, fingerprint, severity } of silences) {
      // What was on its way when it came is told all the same.
      const meanwhile = sent.filter(({ id }) => !before.has(id) && (ended?.has(id) ?? true));
      const loud = of(told(meanwhile), fingerprint).filter(
        (alert) =>
          rank(alert.severity) <= rank(severity) && !["resolved", "eased"].includes(alert.status),
      );
      expect(loud).toEqual([]);
    }
  },

  "what bears the same id is the same": ({ sent }) => {
    const known = new Map<string, Bulletin>();
    for (const bulletin of sent) {
      const before = known.get(bulletin.id);
      if (before !== undefined) expect(bulletin).toEqual(before);
      known.set(bulletin.id, bulletin);
    }
  },
};

const holds = (shell: () => Shell, numRuns: number) =>
  fc.assert(
    fc.asyncProperty(fc.array(operations, { minLength: 3, maxLength: 12 }), async (history) => {
      const played = await play(history, shell());
      for (const law of Object.values(laws)) law(played);
    }),
    { numRuns },
  );

test("10,000 histories: runs twice, late and out of order; crashes; a clock put back", async () => {
  await holds(() => pureShell(), 10_000);
}, 180_000);

test("500 histories in which whatever may sleep is put to sleep at once", async () => {
  await holds(() => pureShell(1), 500);
}, 180_000);

test("500 histories over a store that breaks at any call, with two writers at once", async () => {
  await holds(storeShell, 500);
}, 180_000);
