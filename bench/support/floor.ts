import { writeFile } from "node:fs/promises";
import { openSession } from "../../lib/adapters/postgres/session.ts";
import type { Statement } from "../../lib/core/ports.ts";
import { takeSnapshot } from "../../lib/schema/take.ts";

/**
 * Every question that a snapshot of this database asks, as a script for psql that copies the same
 * rows to stdout: what nobody who reads the same can be quicker than.
 */
export async function writeFloor(url: string, file: string): Promise<void> {
  const limits = { connect: 5000, statement: 60_000, lock: 200 };
  await using session = await openSession({ connectionString: url }, limits);
  const asked: string[] = [];
  const note = ({ sql }: Statement) => asked.push(`COPY (${sql}\n) TO STDOUT;`);
  await takeSnapshot({
    server: session.server,
    session: {
      ...session,
      rows(statement) {
        note(statement);
        return session.rows(statement);
      },
      each(statement, begin) {
        note(statement);
        return session.each(statement, begin);
      },
    },
  });
  const pins =
    "SET search_path = pg_catalog; SET jit = off; SET max_parallel_workers_per_gather = 0;";
  await writeFile(file, [pins, ...asked].join("\n"));
}
