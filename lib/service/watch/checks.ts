import { checks } from "../../checks/index.ts";
import { type Check, categoryOf } from "../../core/check.ts";
import type { Adds } from "../targets.ts";

/** Whose look it is: before the deployment, the first and the last of the watch, or one between. */
export type Place = "before" | "first" | "between" | "last";

/** What environments have in common is no affair of one deployment. */
const ofEnvironments = new Set([
  "schema/drift-from-environment",
  "schema/drift-from-migrations",
  "migrations/environments",
]);

/**
 * The checks of a look. The first holds the migrations against their files too, and the last
 * everything that looks at this database.
 */
export const checksOf =
  (place: Place) =>
  (adds: Adds): readonly Check[] =>
    checks.filter((check) => {
      const { id, profiles } = check;
      if (profiles.includes("watch") || adds("watch", id)) return true;
      if (ofEnvironments.has(id) || !profiles.includes("nightly")) return false;
      return place === "last" || (place === "first" && categoryOf(id) === "migrations");
    });
