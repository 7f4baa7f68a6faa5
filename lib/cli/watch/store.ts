import { UsageError } from "../../core/errors.ts";
import type { Store } from "../../core/ports.ts";
import type { Fleet } from "../fleet.ts";

/** A fleet whose watches have a place to be kept in. */
export type WatchFleet = Fleet & { readonly store: Store };

/** @throws UsageError where no store is named */
export function withStore(fleet: Fleet): WatchFleet {
  const { store } = fleet;
  if (store !== undefined) return { ...fleet, store };
  throw new UsageError(
    "a watch is kept in a store, and none is named",
    "--store DIR, or store: in the configuration",
  );
}
