import { UsageError } from "../../core/errors.ts";
import type { S3Place } from "./s3-store.ts";

/** @throws UsageError for what is no `s3://bucket` or `s3://bucket/prefix` */
export function placeOf(address: string): S3Place {
  const [, bucket, rest = ""] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(address) ?? [];
  const prefix = rest.replace(/\/+$/, "");
  const isPlain = prefix === "" || prefix.split("/").every((part) => !/^\.{0,2}$/.test(part));
  if (bucket === undefined || !isPlain) {
    throw new UsageError(
      `${address} is no address of a bucket`,
      "s3://bucket, or s3://bucket/prefix: a bucket's name has 3 to 63 of a-z, 0-9, '.' and '-'.",
    );
  }
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}
