import { activity } from "../checks/reads/activity.ts";
import { busyStatements } from "../checks/reads/busy-statements.ts";
import { progress } from "../checks/reads/progress.ts";
import type { Picture } from "../core/activity/picture.ts";
import { categoryOf } from "../core/check.ts";
import { messageOf } from "../core/errors.ts";
import type { Session } from "../core/ports.ts";
import type { SqlRead } from "../core/read.ts";
import type { Scene } from "../core/scene.ts";
import { rowsAs } from "../core/typed.ts";
import type { Witness } from "../run/examination.ts";

const categories = new Set(["activity", "locks"]);

/** Seconds a question may take: the sessions that it looks at go on meanwhile. */
const timeout = 1;

const mostBackends = 60;
const mostContended = 200;
const longestStatement = 500;

/** Looks closer at a critical incident among sessions and locks. */
export const witness: Witness = {
  pause: 10_000,
  isCalled: ({ check, findings }) =>
    categories.has(categoryOf(check)) && findings.some(({ severity }) => severity === "critical"),
  begin(session, clock) {
    const busy = busyStatements(session);
    return async () => {
      const scene: Scene = { at: clock().toISOString() };
      const blind: string[] = [];
      const part = async (what: string, work: () => Promise<Partial<Scene>>): Promise<void> => {
        try {
          Object.assign(scene, await work());
        } catch (error) {
          blind.push(`${what}: ${messageOf(error)}`);
        }
      };
      await part("activity", async () => {
        const [picture] = await ask(session, activity);
        return picture === undefined ? {} : { activity: bounded(picture) };
      });
      await part("progress", async () => ({ progress: [...(await ask(session, progress))] }));
      await part("statements", async () => {
        const statements = await busy();
        return statements === undefined ? {} : { statements };
      });
      return blind.length === 0 ? scene : { ...scene, blind };
    };
  },
};

async function ask<Row>(session: Session, { id, sql, row }: SqlRead<Row>): Promise<readonly Row[]> {
  const text = typeof sql === "string" ? sql : sql(session.server);
  return rowsAs(row, await session.rows({ id, sql: text, timeout }), id);
}

/** Who waits and who is waited for stays; of all others the oldest transactions. */
function bounded(picture: Picture): Picture {
  const { backends } = picture;
  const waitedFor = new Set(backends.flatMap(({ blockedBy }) => blockedBy));
  const isInChain = ({ pid, blockedBy }: Picture["backends"][number]): boolean =>
    blockedBy.length > 0 || waitedFor.has(pid);
  const kept = backends
    .toSorted((a, b) => Number(isInChain(b)) - Number(isInChain(a)))
    .slice(0, mostBackends)
    .map((each) => ({ ...each, statement: each.statement?.slice(0, longestStatement) ?? null }));
  const pids = new Set(kept.map(({ pid }) => pid));
  return {
    ...picture,
    backends: kept,
    prepared: picture.prepared.slice(0, mostBackends),
    contended: picture.contended
      .filter(({ pid }) => pid === 0 || pids.has(pid))
      .slice(0, mostContended),
  };
}
