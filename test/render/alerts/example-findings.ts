import { checks } from "../../../lib/checks/index.ts";
import type { Alert } from "../../../lib/core/alert.ts";
import { exampleServer } from "../../../lib/core/example-server.ts";
import type { Finding } from "../../../lib/core/finding.ts";
import { optionsOf } from "../../../lib/run/choose.ts";
import { judge } from "../../../lib/run/judge.ts";
import { alert } from "./sample-bulletin.ts";

const target = { environment: "production", name: "orders" };

/** An alert for every finding that the checks' own examples make. */
export const exampleAlerts: readonly Alert[] = checks.flatMap((check) =>
  check.examples.flatMap((example) => {
    const profile = example.profile ?? "nightly";
    const options = optionsOf(check, { ...check.presets?.[profile], ...example.options });
    const context = {
      now: new Date(example.now ?? "2026-11-20T03:00:00Z"),
      server: { ...exampleServer, ...example.server },
      profile,
      previous: example.previous,
      ...("baseline" in example ? { baseline: example.baseline } : {}),
    };
    const { findings } = judge({ check, options }, example.evidence, context, target, []);
    return findings.map((finding) => alertOf(check, finding));
  }),
);

function alertOf(check: (typeof checks)[number], finding: Finding): Alert {
  const { measure } = finding;
  return alert({
    id: `${finding.fingerprint}-opened`,
    check: check.id,
    title: check.failureTitle,
    why: check.why,
    severity: finding.severity,
    finding,
    consequences: [],
    samples: measure === undefined ? [] : [{ at: "2026-11-20T03:18:12Z", value: measure.value }],
  });
}
