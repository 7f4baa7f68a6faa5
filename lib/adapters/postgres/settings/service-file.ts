import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../../core/errors.ts";
import { type Environment, isKeyword, type Settings } from "./keywords.ts";

/**
 * What a service file says of a service: the user's own file first, then the system's
 * (https://www.postgresql.org/docs/current/libpq-pgservice.html).
 *
 * @param file named by PGSERVICEFILE or `servicefile`, in place of ~/.pg_service.conf
 * @throws UsageError where nobody defines it
 */
export function fromService(
  service: string,
  file: string | undefined,
  env: Environment,
  home: string,
): Settings {
  const files = [
    file ?? join(home, ".pg_service.conf"),
    ...(env.PGSYSCONFDIR ? [join(env.PGSYSCONFDIR, "pg_service.conf")] : []),
  ];
  for (const path of files) {
    const text = textOf(path, path === file);
    const settings = text === undefined ? undefined : section(text, service, path);
    if (settings !== undefined) return settings;
  }
  throw new UsageError(
    `No service file defines the service ${service}.`,
    `Looked in ${files.join(" and ")} for a section [${service}].`,
  );
}

function textOf(path: string, mustBeThere: boolean): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (!mustBeThere && Object(cause).code === "ENOENT") return undefined;
    throw new UsageError(
      `The service file ${path} cannot be read (${Object(cause).code}).`,
      "PGSERVICEFILE, or servicefile= in the URL, names it.",
      { cause },
    );
  }
}

function section(text: string, service: string, path: string): Settings | undefined {
  let settings: Record<string, string> | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (settings !== undefined) break;
      if (line === `[${service}]`) settings = {};
      continue;
    }
    if (settings === undefined) continue;
    const [, name, value] = /^([a-z_]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(
        `Line ${index + 1} of ${path} is no keyword=value.`,
        "LDAP look-ups are not supported; everything else is written one keyword a line.",
      );
    }
    if (isKeyword(name)) settings[name] = value;
  }
  return settings;
}
