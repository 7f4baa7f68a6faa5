import * as z from "zod";

/** How often the schema was looked at, and how often that took less than to read all of it. */
const looksSchema = z.object({
  all: z.int(),
  /** No catalog had changed. */
  unchanged: z.int(),
  /** Only what moved was read. */
  inPart: z.int(),
});
export type Looks = z.infer<typeof looksSchema>;

const memorySchema = z.looseObject({ looks: looksSchema });

interface Look {
  readonly isUnchanged?: true | undefined;
  readonly readAgain?: object | undefined;
}

/** With this look, whatever it found. */
export function looksWith(memory: unknown, { isUnchanged, readAgain }: Look): Looks {
  const { data } = memorySchema.safeParse(memory);
  const { all, unchanged, inPart } = data?.looks ?? { all: 0, unchanged: 0, inPart: 0 };
  return {
    all: all + 1,
    unchanged: unchanged + (isUnchanged === undefined ? 0 : 1),
    inPart: inPart + (readAgain === undefined ? 0 : 1),
  };
}

/** `of 30 looks 27 found the catalogs as they were, and 2 read a part`; nothing of the first ones. */
export function sayLooks({ all, unchanged, inPart }: Looks): readonly string[] {
  if (all < 3) return [];
  const part = inPart === 0 ? "" : `, and ${inPart} read a part`;
  return [`of ${all} looks ${unchanged} found the catalogs as they were${part}`];
}
