import { checks } from "../checks/index.ts";
import type { Check } from "../core/check.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Adds } from "./targets.ts";

/** Nightly is every check but the watch's own. */
export const checksOfProfile = (profile: ProfileName, adds: Adds): readonly Check[] =>
  checks.filter(
    ({ id, profiles }) => profiles.some((name) => name === profile) || adds(profile, id),
  );
