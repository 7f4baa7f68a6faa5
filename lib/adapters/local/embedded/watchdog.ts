import { spawn } from "node:child_process";

/**
 * What ends the server and removes its folder when we cannot: after kill -9 as well.
 * A shell that waits on a pipe from us: when the pipe closes, however we ended, it acts. So there
 * are no handlers for signals and exits here, and the caller's own stay as they are.
 *
 * The last line it was sent says what to do: the pid of the server, `-` when none runs (its folder
 * is still removed), `done` when all has been tidied up. SIGQUIT lets PostgreSQL give back its
 * shared memory, which SIGKILL would leave to the machine.
 */
const script = `
last=-
while IFS= read -r line; do last=$line; done
[ "$last" = done ] && exit 0
if [ "$last" != - ]; then
  kill -QUIT "$last"
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    for j in 1 2 3 4 5; do kill -0 "$last" || break 2; sleep 0.1; done
  done
  kill -KILL "$last"
fi
for i in 1 2 3 4 5; do rm -rf "$1" && exit 0; sleep 0.2; done
`;

export interface Watchdog {
  /** The process to end should we die, or undefined for none. */
  mind(pid: number | undefined): void;
  /** All is tidied up: there is nothing left to do. */
  dismiss(): void;
}

export function startWatchdog(folder: string): Watchdog {
  const shell = spawn("/bin/sh", ["-c", script, "pgvigil-watchdog", folder], {
    cwd: "/",
    env: { PATH: process.env.PATH },
    detached: true, // a Ctrl-C or a closed terminal is not for it
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without it a server still runs, it only stays behind after a crash: no reason to fail.
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  if ("unref" in shell.stdin && typeof shell.stdin.unref === "function") shell.stdin.unref();

  return {
    mind: (pid) => void shell.stdin.write(`${pid ?? "-"}\n`),
    dismiss: () => void shell.stdin.end("done\n"),
  };
}
