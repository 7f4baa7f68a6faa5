import { spawnSync } from "node:child_process";
import { deployed } from "./acceptance/deployed.ts";
import { permissions } from "./acceptance/permissions.ts";

/**
 * `npm run acceptance [deployed | permissions]`: the stack on emulators of AWS, which are no part of
 * this repository. What is not here is left out, with a sentence.
 */
const parts = [
  {
    name: "deployed",
    run: deployed,
    command: process.env.PGVIGIL_MINISTACK ?? "ministack",
    absent: "MiniStack: pip install ministack, or PGVIGIL_MINISTACK=<the command that starts it>",
  },
  {
    name: "permissions",
    run: permissions,
    command: process.env.PGVIGIL_MOTO ?? "moto_server",
    absent: "moto: pip install 'moto[server]', or PGVIGIL_MOTO=<the command that starts it>",
  },
];

const wanted = process.argv.slice(2);
for (const { name, run, command, absent } of parts) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const [program = ""] = command.split(" ");
  const isThere = spawnSync("command", ["-v", program], { shell: true }).status === 0;
  console.log(`\n${name}${isThere ? "" : `: left out, as ${program} is not here. ${absent}`}`);
  if (isThere) await run(command);
}
