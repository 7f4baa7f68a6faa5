import * as z from "zod";
import { countingServerSchema } from "../../../core/server.ts";

/** Calls, milliseconds in all, and the hash of the text ("" where it is not known). */
const counted = z.tuple([z.number(), z.number(), z.string()]);

const picture = z.object({
  at: z.string(),
  /** By key. */
  statements: z.record(z.string(), counted),
  /** Every statement that there was, those beyond the kept ones too. */
  known: z.string().nullable(),
});
export type Picture = z.infer<typeof picture>;

const span = z.object({ calls: z.number(), ms: z.number(), from: z.string(), to: z.string() });
export type Span = z.infer<typeof span>;

const window = z.object({
  /** When it began, with the counters of then; null: as they stand in `now`. */
  from: z.object({ at: z.string(), calls: z.number(), ms: z.number() }).nullable(),
  /** The newest full one, where it was slow: it holds until the next is full. */
  last: span.nullable(),
  text: z.string().nullable(),
});
export type Window = z.infer<typeof window>;

export const remembered = z.object({
  server: countingServerSchema,
  resetAt: z.string().nullable(),
  now: picture,
  /** How it was; null where `now` is all that is known. */
  usual: picture.nullable(),
  windows: z.record(z.string(), window),
});
export type Remembered = z.infer<typeof remembered>;
