import { expect, test } from "vitest";
import * as z from "zod";
import { decode, encode } from "../../lib/core/document.ts";

test("A document is one line of UTF-8, to its last letter, packed or not", async () => {
  const document = { what: "Zählung — 数 👩‍👧", half: "\ud800" };
  const body = await encode("a.json", document);
  expect(new TextDecoder().decode(body)).toBe(`${JSON.stringify(document)}\n`);
  const schema = z.object({ what: z.string(), half: z.string() });
  expect(await decode("a.json.gz", await encode("a.json.gz", document), schema)).toEqual(document);
});
