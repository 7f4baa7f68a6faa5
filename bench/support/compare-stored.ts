import { folderStore } from "../../lib/adapters/local/folder-store.ts";
import { differencesBetween } from "../../lib/schema/canonical/differences.ts";
import { refine } from "../../lib/schema/refine.ts";
import type { Snapshot } from "../../lib/schema/snapshot.ts";
import { loadSnapshot } from "../../lib/schema/stored.ts";
import { unlikeSegments } from "../../lib/schema/unlike.ts";

/** Reads and compares two stored snapshots, and prints what that took: for bench/stored.ts. */
const [way, folder = "", first = "", second = ""] = process.argv.slice(2);
const store = folderStore(folder);
const bodies = ({ server, unread, facts }: Snapshot) => ({ server, unread, facts });

const [began, cpu] = [performance.now(), process.cpuUsage()];
const stored = [await loadSnapshot(store, first), await loadSnapshot(store, second)] as const;
const [before, after] = way === "bodies" ? [bodies(stored[0]), bodies(stored[1])] : stored;
const { differences } = await differencesBetween(before, after);
const told = refine(differences, { before, after }, {});
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(cpu);

const unpacked = unlikeSegments(before, after).reduce((sum, { facts }) => sum + facts.length, 0);
console.log(
  JSON.stringify({
    ms,
    cpuMs: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
    unpacked,
    differences: told.differences.length,
  }),
);
