import { resolve } from "node:path";
import { folderStore } from "../adapters/local/folder-store.ts";
import { whoIsThere } from "../adapters/local/who.ts";
import type { Config } from "../config/schema.ts";
import type { Store } from "../core/ports.ts";
import type { Words } from "./command.ts";
import type { Io } from "./io.ts";

export const isBucket = (where: string): boolean => where.startsWith("s3://");

/**
 * A folder, or the bucket of a deployment: the same keys in both. AWS is loaded for a bucket alone.
 *
 * @param where `s3://bucket/prefix`, or a folder as seen from here
 * @param aws of the configuration: the region, the environment's otherwise; and whether what is
 *   sealed is locked
 * @throws UsageError
 */
export async function storeAt(where: string, io: Io, aws?: Config["aws"]): Promise<Store> {
  if (!isBucket(where)) return folderStore(resolve(io.cwd, where));
  const { openS3 } = await import("../adapters/aws/open-store.ts");
  const { locking } = await import("../adapters/aws/object-lock.ts");
  const world = { env: io.env, region: aws?.region };
  return openS3(where, world, locking(aws?.objectLock, io.clock));
}

/** Is it the bucket of a deployment, whose functions look at its watches and its runs? */
export const isDeployed = ({ place }: Pick<Store, "place">): boolean => isBucket(place);

/** Who does it: `--by`, else as the store knows them, else git's e-mail, else user@host. */
export const byWhom = async (words: Words, io: Io, store?: Store): Promise<string> =>
  words.text("by") ?? (await store?.caller?.()) ?? (await whoIsThere(io.cwd));
