import { resolve } from "node:path";
import { folderStore } from "../adapters/local/folder-store.ts";
import { whoIsThere } from "../adapters/local/who.ts";
import type { Store } from "../core/ports.ts";
import type { Words } from "./command.ts";
import type { Io } from "./io.ts";

export const isBucket = (where: string): boolean => where.startsWith("s3://");

/**
 * A folder, or the bucket of a deployment: the same keys in both. AWS is loaded for a bucket alone.
 *
 * @param where `s3://bucket/prefix`, or a folder as seen from here
 * @param region of the configuration; the environment's otherwise
 * @throws UsageError
 */
export async function storeAt(where: string, io: Io, region?: string): Promise<Store> {
  if (!isBucket(where)) return folderStore(resolve(io.cwd, where));
  const { openS3 } = await import("../adapters/aws/open-store.ts");
  return openS3(where, { env: io.env, region });
}

/** Is it the bucket of a deployment, whose functions look at its watches and its runs? */
export const isDeployed = ({ place }: Pick<Store, "place">): boolean => isBucket(place);

/** Who does it: `--by`, else as the store knows them, else git's e-mail, else user@host. */
export const byWhom = async (words: Words, io: Io, store?: Store): Promise<string> =>
  words.text("by") ?? (await store?.caller?.()) ?? (await whoIsThere(io.cwd));
