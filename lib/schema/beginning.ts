import type { Session } from "../core/ports.ts";
import type { Server } from "../core/server.ts";
import { each } from "./ask.ts";
import type { Fact } from "./fact.ts";
import type { Has } from "./fragments.ts";
import { ofDatabase } from "./kinds.ts";
import { Portions } from "./portions.ts";
import { place, wholeStatement } from "./statement.ts";
import { units } from "./units.ts";
import { unmodelled } from "./unmodelled.ts";

const wholesByQuestion = new Map(ofDatabase.map((extractor) => [extractor.name, extractor]));

/** What is known before any relation or function is looked into. */
export class Beginning {
  readonly portions = new Portions();
  /** What stands for itself. */
  readonly whole: Fact[] = [];
  /** Objects a kind that no extractor reads. */
  readonly unmodelled: Record<string, number> = {};
}

/** Three questions as one, so that they cost one round trip. */
export async function readBeginning(
  session: Session,
  server: Server,
  has: Has,
): Promise<Beginning> {
  let beginning = new Beginning();
  const sql = wholeStatement([units, ...ofDatabase, unmodelled], server, has);
  await each(session, { id: "schema-beginning", sql }, () => {
    beginning = new Beginning();
    const { portions, whole, unmodelled: rest } = beginning;
    const [first, second] = [place.wholeValues, place.wholeValues + 1];
    return (row) => {
      const question = row.text(place.question) ?? "";
      if (question === units.name) portions.add(row);
      else if (question === unmodelled.name) rest[row.text(first) ?? ""] = row.whole(second);
      const extractor = wholesByQuestion.get(question);
      if (extractor) whole.push(extractor.fact(row.texts([]), first));
    };
  });
  return beginning;
}
