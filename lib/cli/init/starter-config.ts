import { key, scalar } from "./words.ts";

/** What `init` asks, or is told. */
export interface Starter {
  readonly environment: string;
  readonly name: string;
  /** Without a password. */
  readonly url: string;
  /** The environment variable that holds the password; absent for ~/.pgpass and the like. */
  readonly passwordEnv: string | undefined;
}

/** The first configuration: one target, and the lines that most people add next, as comments. */
export function starterConfig({ environment, name, url, passwordEnv }: Starter): string {
  const auth =
    passwordEnv === undefined
      ? ""
      : `\n        auth: { passwordEnv: ${scalar(passwordEnv)} }   # a name, never a value`;
  return `# yaml-language-server: $schema=./node_modules/pgvigil/schema/config.schema.json
schemaVersion: 1
store: ./.pgvigil                    # runs, snapshots and baselines; keep it out of git

environments:
  ${key(environment)}:
    targets:
      ${key(name)}:
        url: ${scalar(url)}${auth}

# checks:                            # \`pgvigil explain ID\` lists a check's options
#   activity/long-transaction: { warning: 2min }
#   activity/prepared-transaction: { enabled: false }

# ignore:                            # what you know of, with a reason; counted in every report
#   - { check: "schema/*", name: "public.events_p*", reason: a job makes one a day }
`;
}
