import { readFileSync } from "node:fs";
import type { Config } from "../../../lib/config/schema.ts";
import { targetsOf } from "../../../lib/config/targets.ts";
import type { Call } from "./faults.ts";

export type FunctionName = keyof typeof roles;

const roles = {
  dispatch: "VigilDispatchRole",
  examine: "VigilExaminersExaminepulsemainRole",
  notify: "VigilNotifyRole",
  digest: "VigilDigestRole",
} as const;

/** What the stack grants: `test/constructs` holds the template against the same table. */
const table = readFileSync(
  new URL("../../constructs/goldens/permissions-all.golden.txt", import.meta.url),
  "utf8",
);

const actions: Readonly<Record<string, string>> = {
  GET: "s3:GetObject",
  HEAD: "s3:GetObject",
  PUT: "s3:PutObject",
};

/** May this function touch this object? Of all but objects nothing is said here. */
export function isPermitted(config: Config, { who, service, operation, key }: Call): boolean {
  if (service !== "s3" || operation === "LIST") return true;
  const role = Object.entries(roles).find(([name]) => name === who)?.[1] ?? "nobody";
  const section = table.split("\n\n").find((part) => part.startsWith(`${role}\n`)) ?? "";
  const folder = key.slice(0, key.indexOf("/"));
  // The one grant that hangs on the configuration.
  const seals = targetsOf(config).some(({ sealsHealthyWatch }) => sealsHealthyWatch);
  if (who === "notify" && folder === "baselines") return seals;
  return section
    .split("\n")
    .some(
      (line) => line.trim().startsWith(`${actions[operation]} `) && line.endsWith(`/${folder}/*`),
    );
}
