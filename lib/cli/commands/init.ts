import * as prompts from "@clack/prompts";
import { clientConfigOf } from "../../adapters/postgres/config.ts";
import { sayPlace } from "../../adapters/postgres/settings/place.ts";
import { withoutPassword } from "../../adapters/postgres/settings/url.ts";
import { roleFile } from "../../checks/reads/role-sql.ts";
import { Interrupted, UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { nameSchema } from "../../core/target.ts";
import type { Command, Words } from "../command.ts";
import { failOnFlag, targetFlags } from "../flags.ts";
import { type Starter, starterConfig } from "../init/starter-config.ts";
import { slug } from "../init/words.ts";
import { writeNew } from "../init/write-new.ts";
import { type Io, print, say } from "../io.ts";
import { stackFlags } from "../stack.ts";

export const init: Command = {
  name: "init",
  summary: "Write a first configuration, and print the SQL of a role that may look and no more",
  flags: {
    url: { type: "text", value: "URL", summary: "The database to begin with" },
    name: {
      type: "text",
      value: "ENV/NAME",
      summary: "What to call it; production/<database> otherwise",
    },
    role: { type: "text", value: "ROLE", summary: "The role to make; pgvigil otherwise" },
    "password-env": {
      type: "text",
      value: "NAME",
      summary: "The environment variable that will hold the role's password",
    },
    output: {
      type: "text",
      value: "FILE",
      summary: "Where to write; pgvigil.config.yaml otherwise",
      completes: "file",
    },
    "sql-only": { type: "switch", summary: "Print the SQL, write nothing" },
    yes: { type: "switch", summary: "Ask nothing" },
    from: {
      type: "text",
      value: "SOURCE",
      choices: ["rds"],
      summary: "Every PostgreSQL server that RDS runs, with what is missing beside it",
    },
    tag: {
      type: "text",
      value: "KEY=VALUE",
      summary: "--from rds: those with this tag alone; its value is the environment",
    },
    region: stackFlags.region,
    check: {
      type: "switch",
      summary: "--from rds: write nothing; say what RDS runs and the configuration does not name",
    },
    config: targetFlags.config,
    "fail-on": failOnFlag,
  },
  examples: [
    "pgvigil init",
    "pgvigil init --from rds --tag env=production",
    "pgvigil init --from rds --check --fail-on notice",
    "pgvigil init --yes --url postgres://orders.example.com/orders --name production/orders",
  ],
  async run(words, io) {
    if (words.has("from")) {
      const { initFromRds } = await import("../init/from-rds.ts");
      return initFromRds(words, io);
    }
    for (const flag of ["tag", "check"]) {
      if (words.has(flag)) throw new UsageError(`--${flag} goes with --from rds`, "--from rds");
    }
    const role = words.text("role") ?? "pgvigil";
    const asks = !words.has("yes") && io.isTerminal.stdout && io.isTerminal.stderr;
    const starter = asks ? await ask(words, role, io) : fromWords(words, role, io);
    if (!words.has("sql-only")) await writeNew(words, starterConfig(starter), io);
    const { database } = clientConfigOf({ url: starter.url, env: io.env }).place;
    print(io, `-- Run this in ${database} as a role that may create roles.\n\n`);
    print(io, roleFile(role, database));
    say(io, "\nThen: pgvigil doctor, and pgvigil check");
    return exitCodes.healthy;
  },
};

/** The URL as the configuration may hold it: pgvigil's role in it, and no password. */
function withoutSecret(url: string, role: string, io: Io): string {
  const { place } = clientConfigOf({ url, env: io.env });
  const address = sayPlace({ ...place, user: role });
  const parameters = withoutPassword(url).split("?")[1];
  return parameters === undefined ? address : `${address}?${parameters}`;
}

function fromWords(words: Words, role: string, io: Io): Starter {
  const given = words.text("url") ?? io.env.DATABASE_URL ?? "postgres://localhost:5432/postgres";
  const url = withoutSecret(given, role, io);
  const { database } = clientConfigOf({ url, env: io.env }).place;
  const [environment = "", name = ""] = (
    words.text("name") ?? `production/${slug(database)}`
  ).split("/");
  for (const word of [environment, name]) {
    const parsed = nameSchema.safeParse(word);
    if (!parsed.success) {
      throw new UsageError(
        `--name ${environment}/${name}: "${word}" is not ${parsed.error.issues[0]?.message}`,
        "For example --name production/orders",
      );
    }
  }
  return { environment, name, url, passwordEnv: words.text("password-env") };
}

async function ask(words: Words, role: string, io: Io): Promise<Starter> {
  const told = fromWords(words, role, io);
  const text = async (message: string, initialValue: string) => {
    const answer = await prompts.text({ message, initialValue });
    if (prompts.isCancel(answer)) throw new Interrupted("init was interrupted");
    return answer;
  };
  prompts.intro("pgvigil init");
  const url = await text("Which database? (no password)", words.text("url") ?? told.url);
  const address = withoutSecret(url, role, io);
  const { database } = clientConfigOf({ url: address, env: io.env }).place;
  const name = await text(
    "What shall it be called?",
    words.text("name") ?? `production/${slug(database)}`,
  );
  const variable = await text(
    "Which environment variable will hold the password? (empty: ~/.pgpass)",
    words.text("password-env") ?? "PGVIGIL_PASSWORD",
  );
  const answers: Readonly<Record<string, string>> = { url, name, "password-env": variable };
  prompts.outro("Thank you.");
  const answered: Words = { ...words, text: (flag) => answers[flag] || words.text(flag) };
  return { ...fromWords(answered, role, io), passwordEnv: variable || undefined };
}
