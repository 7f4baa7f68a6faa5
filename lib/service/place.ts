import { type ExaminedTarget, examinedTargets } from "../config/examined.ts";
import type { Config } from "../config/schema.ts";
import type { Placed } from "../dispatch/packs.ts";

export interface PlacedTarget extends Placed {
  readonly each: ExaminedTarget;
  /** In lower case, as RDS names its endpoints. */
  readonly host: string;
}

/** Every target that this deployment looks at, with its server and its network. */
export const placed = (config: Config): readonly PlacedTarget[] =>
  examinedTargets(config).map((each) => {
    const host = hostOf(each.url);
    const { target } = each;
    return { target, each, host, server: serverOf(each.url), network: each.network };
  });

const hostOf = (url: string): string => URL.parse(url)?.hostname.toLowerCase() ?? "";

/** `host:port`; a URL that says it in another way is a server of its own. */
function serverOf(url: string): string {
  const said = URL.parse(url);
  return said === null || said.hostname === "" ? url : `${said.hostname}:${said.port || "5432"}`;
}
