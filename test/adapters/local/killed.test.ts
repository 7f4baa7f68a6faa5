import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, globSync, mkdtempSync, readdirSync, realpathSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "vitest";
import { isAlive } from "../../support/is-alive.ts";
import { until } from "../../support/until.ts";

const library = new URL("../../../lib/adapters/local/embedded-postgres.ts", import.meta.url);

/** A process that starts a server in a temporary folder of its own, and then does as `and` says. */
function startInChild(and: string) {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), "killed-")));
  chmodSync(temporary, 0o755); // the server's account must pass, should we be root
  const program = `
    import { startEmbedded } from ${JSON.stringify(library.href)};
    const server = await startEmbedded();
    console.log(server.pid);
    ${and}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, TMPDIR: temporary },
  });
  const nothingIsLeft = async (pid: number) => {
    await until(() => !isAlive(pid) && readdirSync(temporary).length === 0);
    rmdirSync(temporary);
  };
  return { child, temporary, nothingIsLeft };
}

const wait = "setInterval(() => {}, 1000);";

test.concurrent.each(["SIGKILL", "SIGINT"] as const)(
  "a process that dies of %s leaves no server and no folder",
  async (signal) => {
    const { child, nothingIsLeft } = startInChild(wait);
    const [pid] = await once(child.stdout, "data");
    child.kill(signal);
    await once(child, "exit");
    await nothingIsLeft(Number(pid));
  },
);

test.concurrent.each([
  ["that just ends", ""],
  ["that calls process.exit", "process.exit(0);"],
  ["with an error that nobody catches", "throw new Error('nobody');"],
])("a process %s leaves no server and no folder", async (_, and) => {
  const { child, nothingIsLeft } = startInChild(and);
  await nothingIsLeft(Number(await text(child.stdout)));
});

test.concurrent("a process that is killed while initdb works leaves no folder", async () => {
  const { child, temporary, nothingIsLeft } = startInChild(wait);
  await until(() => globSync(join(temporary, "*/data/base")).length > 0, { interval: 2 });
  child.kill("SIGKILL");
  await once(child, "exit");
  await nothingIsLeft(child.pid ?? 0);
});
