import type { IBucket } from "aws-cdk-lib/aws-s3";
import { profileNames } from "../core/profile.ts";

/**
 * Where an environment's runs are, for a principal that may write no other's: up to the
 * environment every place of the key is fixed, so that no longer key can hide behind a wildcard.
 * `notify` refuses a run that says something else than its key.
 */
const runsOf = (environment: string): readonly string[] =>
  profileNames.map(
    (profile) =>
      `runs/v1/profile=${profile}/date=????-??-??/????????T??????Z-${environment}=*.json.gz`,
  );

/** What examining writes, and what it reads besides: of all environments, or of some. */
export function examined(environments: readonly string[] | undefined): {
  readonly written: readonly string[];
  readonly read: readonly string[];
} {
  const own = environments ?? [""];
  const of = (folder: string) =>
    own.map((environment) =>
      environment === "" ? `${folder}/*` : `${folder}/v1/${environment}/*`,
    );
  return {
    written: [
      ...(environments === undefined ? ["runs/*"] : environments.flatMap(runsOf)),
      "snapshots/*",
      ...of("cursors"),
      ...of("seen"),
    ],
    // The newest look of the reference environment is another environment's.
    read: [...of("baselines"), "targets/*", "watches/*"],
  };
}

export const inBucket = (bucket: IBucket, keys: readonly string[]): string[] =>
  keys.map((key) => bucket.arnForObjects(key));
