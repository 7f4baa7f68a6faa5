import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { s3Store } from "../../../lib/adapters/aws/s3-store.ts";
import type { Store } from "../../../lib/core/ports.ts";
import { pgvigil } from "../cli.ts";
import { type FakeAws, fakeAws } from "./fake-aws.ts";

/** AWS, a checkout with a configuration in it, and the program in there. */
export interface Checkout extends AsyncDisposable {
  readonly aws: FakeAws;
  readonly cwd: string;
  readonly store: Store;
  run(...args: string[]): ReturnType<typeof pgvigil>;
}

export interface CheckoutOptions {
  readonly now?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function checkout(
  config: string | undefined,
  { now = "2026-11-20T13:00:00Z", env = {} }: CheckoutOptions = {},
): Promise<Checkout> {
  const aws = await fakeAws();
  const cwd = await mkdtemp(join(tmpdir(), "pgvigil-aws-"));
  if (config !== undefined) await writeFile(join(cwd, "pgvigil.config.yaml"), config);
  const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
  const world = { AWS_ENDPOINT_URL: aws.endpoint, AWS_REGION: "eu-central-1", ...keys, ...env };
  return {
    aws,
    cwd,
    store: s3Store(new S3Client(aws.client), { bucket: "runs", prefix: "" }),
    run: (...args) => pgvigil(args, { cwd, env: world, now: new Date(now) }),
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await rm(cwd, { recursive: true });
    },
  };
}
