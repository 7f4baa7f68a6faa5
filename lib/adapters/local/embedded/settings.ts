import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../../core/errors.ts";

export type Settings = Readonly<Record<string, string>>;

/** Nothing on this server outlives it, so that nothing need survive a crash of the machine. */
export const throwAway: Settings = { fsync: "off", full_page_writes: "off" };

const fileName = "pgvigil.conf";
const include = `\ninclude '${fileName}'\n`;

/** Writes a file, as words on the command line would overrule ALTER SYSTEM. Returns its path. */
export async function writeSettings(data: string, settings: Settings): Promise<string> {
  const path = join(data, fileName);
  await writeFile(path, settingsText(settings), { mode: 0o600 });
  const main = join(data, "postgresql.conf");
  if (!(await readFile(main, "utf8")).includes(include)) await appendFile(main, include);
  return path;
}

/** https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-CONFIGURATION-FILE */
const settingsText = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => {
      if (!/^[a-z_][a-z0-9_.]*$/i.test(name) || /[\n\r\0]/.test(value)) {
        throw new UsageError(
          `${JSON.stringify(name)} = ${JSON.stringify(value)} is no PostgreSQL setting.`,
          "A name has letters, digits, _ and dots only, and a value is one line.",
        );
      }
      return `${name} = '${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'\n`;
    })
    .join("");
