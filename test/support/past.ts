import type { Outcome } from "../../lib/core/outcome.ts";
import { countingServerSchema } from "../../lib/core/server.ts";
import type { BeforeWatch, Remembered } from "../../lib/run/examination.ts";

/** What the store hands to the next look after this one. */
export function rememberedOf(outcome: Outcome, at = new Date().toISOString()): Remembered {
  if (outcome.memory === undefined) throw new Error(`${outcome.check} remembers nothing`);
  const server = countingServerSchema.parse(Object(outcome.memory).server);
  return { at, memory: outcome.memory, server };
}

/** The same as the baseline of a watch. */
export const baselineOf = (outcome: Outcome, at?: string): BeforeWatch => ({
  watch: "w1",
  ...rememberedOf(outcome, at),
});
