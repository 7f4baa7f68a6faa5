import { exampleServer } from "../../../core/example-server.ts";
import { countingServerSchema } from "../../../core/server.ts";
import type { Setting } from "../../reads/settings.ts";

const at = "2026-11-20T02:00:00.000Z";

const setting = (name: string, value: string, changes: Partial<Setting> = {}): Setting => ({
  ...{ level: "server", database: "", role: "", name, value, unit: null, isPending: false },
  ...changes,
});
const ofRole = { level: "role", role: "web" } as const;

const memory = {
  server: countingServerSchema.parse(exampleServer),
  values: {
    "server\n\n\nwork_mem": ["4096", false],
    "server\n\n\nfsync": ["on", false],
    "server\n\n\narchive_command": ["hidden:0a1b2c", false],
    "role\n\nweb\nstatement_timeout": ["30s", false],
  },
};
const previous = { at, memory };
const usual = [
  setting("archive_command", "hidden:0a1b2c"),
  setting("fsync", "on"),
  setting("work_mem", "4096", { unit: "kB" }),
  setting("statement_timeout", "30s", ofRole),
];
const but = (...changed: readonly Setting[]) => ({
  settings: [
    ...usual.filter(
      ({ name, level }) => !changed.some((c) => c.name === name && c.level === level),
    ),
    ...changed,
  ],
});

export const settingsDriftExamples = [
  { name: "as they were", evidence: { settings: usual }, previous, finds: [] },
  {
    name: "more memory for sorting",
    evidence: but(setting("work_mem", "65536", { unit: "kB" })),
    previous,
    finds: ["notice work_mem"],
  },
  {
    name: "a crash may lose data now",
    evidence: but(setting("fsync", "off")),
    previous,
    finds: ["warning fsync"],
  },
  {
    name: "a command that may hold a password is another one",
    evidence: but(setting("archive_command", "hidden:ffffff")),
    previous,
    finds: ["warning archive_command"],
  },
  {
    name: "a role lost its timeout",
    evidence: { settings: usual.filter(({ level }) => level === "server") },
    previous,
    finds: ["notice statement_timeout of role web"],
  },
  {
    name: "a value that waits for a restart",
    evidence: but(setting("work_mem", "4096", { unit: "kB", isPending: true })),
    previous,
    finds: ["notice work_mem"],
  },
  {
    name: "a role that sees more of them than the one before: nothing changed",
    evidence: { settings: [...usual, setting("data_directory", "/var/lib/postgresql")] },
    previous,
    finds: [],
  },
  {
    name: "a role that does not see all of them",
    evidence: { settings: usual.filter(({ name }) => name !== "archive_command") },
    previous,
    server: { readsAllSettings: false },
    finds: [],
    blind: "privilege" as const,
  },
  {
    name: "a standby was promoted: its port is its own, and what it sorts in is not",
    evidence: but(setting("port", "5433"), setting("work_mem", "65536", { unit: "kB" })),
    previous: {
      at,
      memory: {
        server: { ...memory.server, startedAt: "2026-08-01T10:00:00.000000Z" },
        values: { ...memory.values, "server\n\n\nport": ["5432", false] },
      },
    },
    finds: ["notice work_mem"],
  },
  {
    name: "restarted on another port",
    evidence: but(setting("port", "5433")),
    previous: {
      at,
      memory: { ...memory, values: { ...memory.values, "server\n\n\nport": ["5432", false] } },
    },
    server: { startedAt: "2026-11-20T02:10:00.000000Z" },
    finds: ["notice port"],
  },
  {
    name: "another server has settings of its own",
    evidence: but(setting("fsync", "off")),
    previous,
    server: { systemIdentifier: "7301122334455660000" },
    finds: [],
    blind: "not-applicable" as const,
  },
];
