import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import { plainEnv } from "./emulator.ts";

const root = resolve(import.meta.dirname, "..", "..");
const bin = join(root, "node_modules", ".bin");

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

export const region = "eu-west-1";

/** Any keys are good ones for an emulator. */
export const keys = { accessKeyId: "test", secretAccessKey: "test" };

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whoever deploys: a folder with a configuration, and what they type there. */
export interface User extends AsyncDisposable {
  readonly folder: string;
  write(config: object): Promise<void>;
  /** The program, as typed; its exit code is part of the answer. */
  pgvigil(...args: readonly string[]): Promise<Said>;
  /** @throws Error unless it ends well */
  cdk(...args: readonly string[]): Promise<Said>;
  /** Deploys, and hands over what the stack says of itself. */
  deploy(): Promise<Readonly<Record<string, string>>>;
}

export async function userOf(endpoint: string, more: Record<string, string> = {}): Promise<User> {
  const folder = await mkdtemp(join(tmpdir(), "pgvigil-user-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const config = join(folder, "pgvigil.config.yaml");
  const env = {
    ...plainEnv(),
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_DEFAULT_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey },
    ...{ CDK_DEFAULT_ACCOUNT: "000000000000", CDK_DEFAULT_REGION: region },
    // `npm run synth` holds the template against AWS's own rules, which takes its time.
    ...{ CDK_DISABLE_CLI_TELEMETRY: "true", CDK_VALIDATION: "false", NO_COLOR: "1" },
    ...more,
  };
  const run = (file: string, args: readonly string[], cwd: string) =>
    new Promise<Said>((done) => {
      const options = { cwd, env, maxBuffer: 1 << 26, timeout: 300_000 };
      execFile(file, [...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        done({ code, stdout, stderr });
      });
    });
  const user: User = {
    folder,
    write: (value) => writeFile(config, JSON.stringify(value, null, 2)),
    async pgvigil(...args) {
      // A busy emulator resets connections; 6 is "could not find out", and may be asked again.
      for (let tries = 3; ; tries -= 1) {
        const said = await run(
          process.execPath,
          [join(root, "bin", "pgvigil.ts"), ...args],
          folder,
        );
        if (said.code !== 6 || tries === 1) return said;
      }
    },
    async cdk(...args) {
      const output = ["--output", join(folder, "cdk.out"), "--no-notices"];
      output.push("-c", `config=${config}`);
      const said = await run(join(bin, "cdk"), [...args, ...output], root);
      if (said.code !== 0) throw new Error(`cdk ${args.join(" ")}\n${said.stdout}${said.stderr}`);
      return said;
    },
    async deploy() {
      const file = join(folder, "outputs.json");
      await user.cdk("deploy", "--require-approval", "never", "--outputs-file", file);
      const [outputs = {}] = Object.values(
        outputsSchema.parse(JSON.parse(await readFile(file, "utf8"))),
      );
      return outputs;
    },
    async [Symbol.asyncDispose]() {
      process.off("exit", remove);
      remove();
    },
  };
  return user;
}

/** What a deployment says of itself under this name. @throws Error */
export function outputOf(outputs: Readonly<Record<string, string>>, name: string): string {
  const [, value] = Object.entries(outputs).find(([key]) => key.includes(`Outputs${name}`)) ?? [];
  if (value === undefined) throw new Error(`no output ${name}: ${Object.keys(outputs).join(", ")}`);
  return value;
}
