import { checks } from "../../lib/checks/index.ts";
import type { Report } from "../../lib/core/report.ts";
import { choose } from "../../lib/run/choose.ts";
import { examine } from "../../lib/run/examine.ts";
import { sessionAt } from "./look.ts";

/** Every check that there is, as the nightly run asks them. */
export function runAll(url: string, seconds = 60): Promise<Report> {
  return examine({
    target: { environment: "test", name: "shop" },
    profile: "nightly",
    checks: choose(checks, "nightly", []),
    connect: () => sessionAt(url),
    store: undefined,
    clock: () => new Date(),
    deadline: Date.now() + seconds * 1000,
    ignore: [],
    past: () => undefined,
  });
}

/** How each check ended, without what it found. */
export const endings = ({ outcomes }: Report): readonly string[] =>
  outcomes
    .map(({ check, status, cause = "", reason = "" }) =>
      status === "failed" ? `${check} failed ${cause} ${reason}` : `${check} ${status} ${cause}`,
    )
    .sort();
