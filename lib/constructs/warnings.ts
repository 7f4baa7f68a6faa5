import { Annotations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { examinedTargets } from "../config/examined.ts";
import type { Config } from "../config/schema.ts";
import { sayTarget } from "../core/target.ts";

/** What would deploy, and not do what was meant: said at synth. */
export function warnings(scope: Construct, config: Config): void {
  const warn = (id: string, text: string) =>
    Annotations.of(scope).addWarningV2(`pgvigil:${id}`, text);
  const unproven = examinedTargets(config).filter(
    ({ auth }) => auth?.iam === undefined && auth?.secret === undefined,
  );
  if (unproven.length > 0) {
    warn(
      "no-login",
      `${unproven.map(({ target }) => sayTarget(target)).join(", ")}: the functions have no password for ${unproven.length === 1 ? "it" : "them"}. Write auth: iam or secret; passwordEnv is for the command line alone.`,
    );
  }
  if (config.aws?.mode === "collector") return;
  const hears = (config.alerts?.subscriptions ?? []).some(
    ({ topic, ...filter }) => (topic === "alerts" || topic === "page") && !filters(filter),
  );
  if (hears || config.aws?.topics?.alerts !== undefined || config.aws?.topics?.page !== undefined) {
    return;
  }
  warn(
    "nobody-hears",
    "alerts.subscriptions: nobody is told when pgvigil itself stands still. Its alarms carry no attributes, so that every filter drops them: subscribe one address to alerts or page without any.",
  );
}

const filters = (filter: Readonly<Record<string, unknown>>): boolean =>
  ["severity", "environment", "target", "owner", "check"].some((key) => filter[key] !== undefined);
