import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../lib/schema/hash.ts";
import { JsonBytes } from "../../lib/schema/json-bytes.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 200 }),
  fc.constantFrom("", "\ud800", "😀", "\u007f", '"', "\\", "\0", "a\nb", "é".repeat(60)),
);
const json = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.boolean(),
    fc.integer(),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.constant(null),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(text, tie("any"), { maxKeys: 4 }),
  ),
})).any;

test("the same text as canonical JSON, whatever the values, and one after the other", () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 5 }), (values) => {
      const written = new JsonBytes(16);
      let all = "";
      for (const value of values) {
        written.value(value as never);
        all += canonicalJson(value as never);
      }
      expect(written.toString()).toBe(all);
      written.clear();
      expect(written.toString()).toBe("");
    }),
  );
});
