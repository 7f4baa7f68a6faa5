import type { ProfileName } from "../core/profile.ts";
import type { PlacedTarget } from "./place.ts";

/** What RDS says of an instance or a cluster. */
interface HostState {
  /** `available`, `stopped`, `storage-full`, `failing-over`. */
  readonly status: string;
  readonly name: string;
  /** The cluster that it is, or a member of. */
  readonly cluster?: string | undefined;
  /** It goes to sleep when nobody asks it anything. */
  readonly isSleeper?: boolean | undefined;
}

export type HostStates = ReadonlyMap<string, HostState>;

/**
 * Who is looked at by a tick. What may be paused is not woken by a frequent look, nor knocked at
 * where it is known to be off; of what nobody knows a pulse leaves its sleep alone.
 */
export const awake = (
  fleet: readonly PlacedTarget[],
  profile: Exclude<ProfileName, "watch">,
  states: HostStates,
): readonly PlacedTarget[] =>
  fleet.filter(({ each, host }) => {
    if (!each.pausable) return true;
    const state = states.get(host);
    if (state === undefined) return profile !== "pulse";
    if (offStates.has(state.status)) return false;
    return state.isSleeper === true ? profile === "nightly" : true;
  });

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
const offStates: ReadonlySet<string> = new Set(["stopped", "stopping", "paused"]);
