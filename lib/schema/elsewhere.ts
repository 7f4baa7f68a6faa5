import type { FindingDraft } from "../core/finding.ts";
import type { Severity } from "../core/severity.ts";
import type { Difference } from "./diff.ts";
import { sayWhere, tellDifference } from "./finding.ts";
import { sayAttribute, sayState } from "./saying.ts";

/** A difference between two places, where neither came first. */
export function tellElsewhere(
  difference: Difference,
  { severity, there }: { readonly severity: Severity; readonly there: string },
): FindingDraft {
  const told = tellDifference(difference, {
    severity,
    explanation: { by: "unknown", reason: "" },
    since: "",
    ifMeant: "",
  });
  const { detail: _, remedy, ...finding } = told;
  const { kind, identity, consequences, attributes } = difference;
  const sql = remedy?.sql;
  return {
    ...finding,
    summary: `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${identity} ${saySide(difference, there)}`,
    detail: [
      ...(attributes.length > 1 ? attributes.map((one) => `${say(one, there)}.`) : []),
      ...(consequences.length > 0
        ? [`And ${consequences.length} of its parts, such as ${consequences[0]?.identity}.`]
        : []),
    ],
    remedy: {
      summary: `Make both alike by a migration${sql === undefined ? "." : "; this makes it as it is there."}`,
      ...(sql === undefined ? {} : { sql }),
      ...(remedy?.lock === undefined ? {} : { lock: remedy.lock }),
    },
  };
}

function saySide({ change, attributes, tenants }: Difference, there: string): string {
  const where = tenants === undefined ? "" : ` (${sayWhere(tenants)})`;
  if (change === "added") return `is not in ${there}${where}`;
  if (change === "removed") return `is in ${there}, and not here${where}`;
  const [only, ...others] = attributes;
  if (only === undefined || others.length > 0) {
    return `is not as in ${there}: ${attributes.map(sayAttribute).join(", ")}${where}`;
  }
  return `is not as in ${there}: ${say(only, there)}${where}`;
}

/** `type bigint here, integer in production/orders`; long values are left to the definitions. */
function say(change: Difference["attributes"][number], there: string): string {
  const name = sayAttribute(change);
  const [here, other] = [sayState(change, change.after), sayState(change, change.before)];
  if (change.after === true) return `${name} here alone`;
  if (change.before === true) return `${name} in ${there} alone`;
  return here.length + other.length > 120 || /\n/.test(here + other)
    ? name
    : `${name} ${here} here, ${other} in ${there}`;
}
