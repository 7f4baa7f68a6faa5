import type { Alert, Bulletin, Message } from "../../core/alert.ts";
import { sayTarget } from "../../core/target.ts";

/** SNS takes an attribute of up to 256 KiB together with the message; nobody filters by so much. */
const mostValues = 50;

/** Names of a configuration are shorter. */
const cut = (name: string): string => name.slice(0, 200);

type About = Pick<Bulletin, "target"> & Partial<Pick<Bulletin, "targets">>;

/**
 * What subscriptions filter by. A message of several alerts, and one that changes its severity,
 * carries a list: whoever heard it begin hears it end.
 */
export function attributesOf(
  { target, targets = [target] }: About,
  alerts: readonly Alert[],
): Message["attributes"] {
  const lists = {
    severity: alerts.flatMap(({ severity, before, peak }) => [severity, before, peak?.severity]),
    environment: [cut(target.environment)],
    target: targets.map((each) => cut(sayTarget(each))),
    owner: alerts.map(({ owner }) => cut(owner?.name ?? "")),
    check: alerts.map(({ check }) => cut(check)),
    status: alerts.map(({ status }) => status),
  };
  return Object.fromEntries(
    Object.entries(lists).flatMap(([name, values]) => {
      const several = [...new Set(values.flatMap((value) => value || []))];
      const [only] = several;
      if (only === undefined) return [];
      return [[name, several.length === 1 ? only : several.slice(0, mostValues)]];
    }),
  );
}
