import { activity } from "../checks/reads/activity.ts";
import { categoryOf } from "../core/check.ts";
import { messageOf } from "../core/errors.ts";
import type { Session } from "../core/ports.ts";
import type { SqlRead } from "../core/read.ts";
import type { Scene } from "../core/scene.ts";
import { rowsAs } from "../core/typed.ts";
import type { Witness } from "../run/examination.ts";

const categories = new Set(["activity", "locks"]);

/** Seconds a look may take in all its questions: the sessions that it looks at go on meanwhile. */
const timeout = 1;

/** Sessions and locks that a scene keeps, the oldest transactions first. */
const mostBackends = 60;

/** Who is asked to look closer: a critical incident among sessions and locks. */
export const witness: Witness = {
  pause: 10_000,
  isCalled: ({ check, findings }) =>
    categories.has(categoryOf(check)) && findings.some(({ severity }) => severity === "critical"),
  async look(session) {
    const blind: string[] = [];
    const scene: Scene = { at: new Date().toISOString() };
    const part = async (what: string, work: () => Promise<Partial<Scene>>): Promise<void> => {
      try {
        Object.assign(scene, await work());
      } catch (error) {
        blind.push(`${what}: ${messageOf(error)}`);
      }
    };
    await part("activity", async () => {
      const [picture] = await ask(session, activity);
      if (picture === undefined) return {};
      const backends = picture.backends.slice(0, mostBackends);
      return { activity: { ...picture, backends } };
    });
    return blind.length === 0 ? scene : { ...scene, blind };
  },
};

async function ask<Row>(session: Session, { id, sql, row }: SqlRead<Row>): Promise<readonly Row[]> {
  const text = typeof sql === "string" ? sql : sql(session.server);
  return rowsAs(row, await session.rows({ id, sql: text, timeout }), id);
}
