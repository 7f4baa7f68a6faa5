import { cpSync } from "node:fs";
import { join } from "node:path";
import { accountForServer } from "../../lib/adapters/local/embedded/account.ts";
import { usableBinaries } from "../../lib/adapters/local/embedded/binaries.ts";
import { createCluster } from "../../lib/adapters/local/embedded/cluster.ts";
import { makePrivateFolder, removeFolder } from "../../lib/adapters/local/embedded/folder.ts";
import { findInstallation } from "../../lib/adapters/local/embedded/installed.ts";
import {
  type EmbeddedOptions,
  type EmbeddedServer,
  startEmbedded,
} from "../../lib/adapters/local/embedded-postgres.ts";

/** A cluster as initdb leaves it. To copy it takes a third of the time. */
export interface Template {
  readonly folder: string;
  readonly password: string;
}

export type Settings = NonNullable<EmbeddedOptions["settings"]>;

export async function makeTemplate(
  major: number,
  password: string,
): Promise<Template & AsyncDisposable> {
  const account = accountForServer();
  const folder = await makePrivateFolder(account);
  const binaries = await usableBinaries(findInstallation(major), folder, account);
  await createCluster({
    ...{ binaries, folder, data: join(folder, "data"), account, user: "postgres", password },
    ...{ initdbArgs: [], onPid() {} },
  });
  return { folder, password, [Symbol.asyncDispose]: () => removeFolder(folder) };
}

export const startFrom = (
  { folder, password }: Template,
  major: number,
  settings: Settings,
): Promise<EmbeddedServer> =>
  startEmbedded({
    major,
    settings,
    existing: {
      password,
      fill: async (data) => cpSync(join(folder, "data"), data, { recursive: true }),
    },
  });
