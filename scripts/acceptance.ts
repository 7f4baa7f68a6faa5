import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { deployed } from "./acceptance/deployed.ts";
import { permissions } from "./acceptance/permissions.ts";

/**
 * `npm run acceptance [deployed | permissions]`: the stack on emulators of AWS, which are no part of
 * this repository. What is not here is left out, with a sentence.
 */
const ministack = process.env.PGVIGIL_MINISTACK ?? "ministack";
const python = process.env.PGVIGIL_PYTHON ?? "python3";
const parts = [
  {
    name: "deployed",
    run: () => deployed(ministack),
    needs: `command -v ${ministack}`,
    absent: "MiniStack: pip install ministack, or PGVIGIL_MINISTACK=<the command that starts it>",
  },
  {
    name: "permissions",
    run: () => permissions(`${python} ${join(import.meta.dirname, "acceptance", "enforcing.py")}`),
    needs: `${python} -c "import moto.server"`,
    absent: "moto: pip install 'moto[server]', or PGVIGIL_PYTHON=<the Python that has it>",
  },
];

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const wanted = process.argv.slice(2);
for (const { name, run, needs, absent } of parts) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const isThere = spawnSync("sh", ["-c", needs], { stdio: "ignore" }).status === 0;
  console.log(`\n${name}${isThere ? "" : `: left out, as there is no ${absent}`}`);
  if (isThere) await run();
}
