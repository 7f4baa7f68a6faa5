import { withoutPassword } from "../adapters/postgres/settings/url.ts";
import { shellWord } from "../trackers/shell.ts";
import type { Words } from "./command.ts";
import type { Io } from "./io.ts";

/**
 * The flag that names a database again: by the environment's variable where one holds the URL, for
 * its password is in there; else the URL without one. Nothing where PGHOST and the like said it.
 */
export function typedUrl(url: string | undefined, env: Io["env"]): string {
  if (url === undefined) return "";
  const [name] = Object.entries(env).find(([, value]) => value === url) ?? [];
  return name === undefined || !/^\w+$/.test(name)
    ? `--url ${shellWord(withoutPassword(url))}`
    : `--url "$${name}"`;
}

/** Where the configuration and the store are, as far as flags said so. */
export const typedPlaces = (words: Words): string =>
  ["config", "store"]
    .flatMap((flag) => {
      const given = words.text(flag);
      return given === undefined ? [] : [`--${flag} ${shellWord(given)}`];
    })
    .join(" ");
