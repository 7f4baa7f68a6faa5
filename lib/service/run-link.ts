import type { Bulletin } from "../core/alert.ts";
import { runKey } from "../run/keep-run.ts";

/**
 * Where the console shows the run behind a bulletin: all that it saw is in there, and what was
 * taken down of a critical moment.
 *
 * @param place `s3://bucket` or `s3://bucket/prefix`
 */
export function runLink(
  run: Bulletin["run"],
  { place, region }: { readonly place: string; readonly region: string | undefined },
): string | undefined {
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)(?:\/(.+))?$/.exec(place) ?? [];
  if (run === undefined || bucket === undefined || region === undefined) return undefined;
  const { id, profile, at: startedAt } = run;
  const key = `${prefix === "" ? "" : `${prefix}/`}${runKey({ run: { id, profile, startedAt } })}`;
  const host = `${region}.console.aws.amazon.com`;
  return `https://${host}/s3/object/${bucket}?region=${region}&prefix=${encodeURIComponent(key)}`;
}
