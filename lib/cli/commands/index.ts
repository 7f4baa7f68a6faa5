import type { Command } from "../command.ts";
import { check } from "./check.ts";
import { checksCommand } from "./checks.ts";
import { completion } from "./completion.ts";
import { demo } from "./demo.ts";
import { diff } from "./diff.ts";
import { doctor } from "./doctor.ts";
import { explain } from "./explain.ts";
import { init } from "./init.ts";
import { locks } from "./locks.ts";
import { seal } from "./seal.ts";
import { snapshot } from "./snapshot.ts";

/** In the order of the help. */
export const commands: readonly Command[] = [
  check,
  checksCommand,
  explain,
  snapshot,
  seal,
  diff,
  locks,
  doctor,
  init,
  demo,
  completion,
];
