import { UsageError } from "../core/errors.ts";
import type { Store } from "../core/ports.ts";
import { sayFlags, sayTarget, type Target, type Typed } from "../core/target.ts";
import { currentSeal, loadBaseline } from "./baseline.ts";
import type { StoredSnapshot } from "./file.ts";
import { hexOf } from "./hash.ts";
import { loadSnapshot } from "./stored.ts";

/** What a snapshot may be called; `target` is as it was typed, a bare name or `environment/name`. */
export type Address =
  | { readonly is: "live" | "last" | "baseline"; readonly target: string }
  | { readonly is: "checksum"; readonly checksum: string }
  | { readonly is: "file"; readonly path: string };

/** `E/T`, `E/T@last`, `E/T@baseline`, `sha256:…`, or a file (`./seal`, or a name in .json). */
export function parseAddress(text: string): Address {
  if (hexOf(text) !== undefined) return { is: "checksum", checksum: text };
  if (/^(\.{0,2}\/|~\/)/.test(text) || /\.json(\.gz)?$/.test(text)) {
    return { is: "file", path: text };
  }
  const [, target = "", which] = /^(.*?)(?:@(.*))?$/s.exec(text) ?? [];
  if (target === "" || (which !== undefined && which !== "last" && which !== "baseline")) {
    throw new UsageError(
      `${text} is no snapshot`,
      "One is called E/T (live), E/T@last, E/T@baseline, sha256:…, or a file.",
    );
  }
  return { is: which ?? "live", target };
}

/** @throws UsageError where nothing is sealed; SnapshotError where it cannot be read */
export async function loadBaselineSnapshot(
  store: Store,
  target: Target,
  typed?: Typed,
): Promise<StoredSnapshot> {
  const baseline = await loadBaseline(store, target);
  const current = baseline && currentSeal(baseline);
  if (current === undefined) {
    throw new UsageError(
      `nothing is sealed for ${sayTarget(target)} in ${store.place}`,
      `pgvigil seal ${sayFlags(sayTarget(target), typed)} --why "…"`,
    );
  }
  return loadSnapshot(store, current.checksum);
}

/**
 * The snapshot of the last look.
 *
 * @param memory what schema/drift-from-last remembered of it
 * @throws UsageError where there was no look yet
 */
export async function loadLastSnapshot(
  store: Store,
  target: Target,
  memory: { readonly checksum: string } | undefined,
  typed?: Typed,
): Promise<StoredSnapshot> {
  if (memory === undefined) {
    throw new UsageError(
      `nobody looked at the schema of ${sayTarget(target)} yet, says ${store.place}`,
      `pgvigil check ${sayFlags(sayTarget(target), typed)} --only schema/drift-from-last`,
    );
  }
  return loadSnapshot(store, memory.checksum);
}
