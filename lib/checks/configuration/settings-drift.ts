import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { firstLook, pastsOf, saySince } from "../../core/past.ts";
import { type CountingServer, countingServerSchema } from "../../core/server.ts";
import { severitySchema } from "../../core/severity.ts";
import { quoteIdentifier } from "../../core/sql.ts";
import { count } from "../../core/units.ts";
import { type Setting, settings } from "../reads/settings.ts";
import { settingsDriftExamples } from "./settings-drift/examples.ts";
import { type Change, sayChange } from "./settings-drift/finding.ts";

/** Value and whether another waits for a restart, by level, database, role and name. */
const remembered = z.object({
  server: countingServerSchema,
  values: z.record(z.string(), z.tuple([z.string().nullable(), z.boolean()])),
});
type Values = z.infer<typeof remembered>["values"];

export const configurationSettingsDrift = defineCheck({
  id: "configuration/settings-drift",
  title: "Every setting is what it was",
  failureTitle: "Setting that changed",
  why: "A setting decides how safe and how quick the database is, and changes without a migration.",
  source: "https://www.postgresql.org/docs/current/view-pg-settings.html",
  options: z.object({
    severity: severitySchema
      .default("notice")
      .describe(
        "Of most settings; those that lose data or let it grow stale are a warning at least",
      ),
  }),
  profiles: ["watch"],
  needs: { store: true, privilege: "pg_monitor" },
  reads: { settings },

  judge({ settings }, { severity }, context) {
    const { server } = context;
    if (server === undefined) return { scope: "no answer", findings: [] };
    const { before, isAnother } = pastsOf(remembered, context, "facts");
    const values: Values = Object.fromEntries(
      settings.map((one) => [keyOf(one), [one.value, one.isPending]]),
    );
    const memory = { server: countingServerSchema.parse(server), values };
    const scope = count(settings.length, "setting");
    const blind =
      server.readsAllSettings || server.isSuperuser
        ? undefined
        : {
            cause: "privilege" as const,
            reason: "some settings are shown to pg_read_all_settings alone",
            cure: `GRANT pg_read_all_settings TO ${quoteIdentifier(server.role)};`,
          };
    if (before === undefined) {
      const first = firstLook(scope, { isAnother });
      return { ...first, ...(blind === undefined ? {} : { blind }), memory };
    }
    const since = saySince(before);
    const all = changesBetween(before.memory.values, settings);
    const changes = isOneInstance(before, { server, all })
      ? all
      : all.filter((one) => !isOfInstance(one));
    const left = all.length - changes.length;
    const others =
      left === 0 ? "" : `; another server answers: ${count(left, "setting")} of its own left out`;
    return {
      scope: `${scope}, ${since}${others}`,
      findings: changes.map((change) => sayChange(change, severity, since)),
      blind,
      memory,
    };
  },

  examples: settingsDriftExamples,
});

/** What each instance of a cluster has for itself: after a failover they are no drift. */
const instanceBound = new Set([
  ...["cluster_name", "config_file", "data_directory", "external_pid_file", "hba_file"],
  ...["ident_file", "listen_addresses", "log_directory", "port", "primary_conninfo"],
  ...["primary_slot_name", "promote_trigger_file", "restore_command", "unix_socket_directories"],
]);

const isOfInstance = ({ level, name }: Change): boolean =>
  level === "server" && instanceBound.has(name);

/**
 * Did the instance answer that answered then? A promoted standby had been started before that look,
 * or lies in a directory of its own; it shares the system identifier, and for a while the timeline.
 */
function isOneInstance(
  { at, memory }: { readonly at: string; readonly memory: z.infer<typeof remembered> },
  { server, all }: { readonly server: CountingServer; readonly all: readonly Change[] },
): boolean {
  if (memory.server.startedAt === server.startedAt) return true;
  const isOlder = Date.parse(server.startedAt) < Date.parse(at) - 60_000;
  return !isOlder && !all.some(({ name, how }) => name === "data_directory" && how === "changed");
}

const keyOf = ({ level, database, role, name }: Setting): string =>
  [level, database, role, name].join("\n");

function changesBetween(before: Values, now: readonly Setting[]): readonly Change[] {
  const changes = now.flatMap((setting): readonly Change[] => {
    const was = before[keyOf(setting)];
    if (was === undefined) {
      // Of the server itself it is only seen now: by another role, or its library is loaded now.
      return setting.level === "server"
        ? setting.isPending
          ? [{ ...setting, was: null, how: "pending" }]
          : []
        : [{ ...setting, was: null, how: "added" }];
    }
    const [value, wasPending] = was;
    if (value !== setting.value) return [{ ...setting, was: value, how: "changed" }];
    return setting.isPending && !wasPending ? [{ ...setting, was: value, how: "pending" }] : [];
  });
  const there = new Set(now.map(keyOf));
  const gone = Object.entries(before).flatMap(([key, [value]]): readonly Change[] => {
    const [level, database = "", role = "", name = ""] = key.split("\n");
    if (there.has(key) || (level !== "database" && level !== "role")) return [];
    const nothing = { value: null, unit: null, isPending: false };
    return [{ level, database, role, name, ...nothing, was: value, how: "removed" }];
  });
  return [...changes, ...gone];
}
