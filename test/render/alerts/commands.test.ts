import { describe, expect, test } from "vitest";
import { checkOf } from "../../../lib/cli/check-of.ts";
import { commandNamed } from "../../../lib/cli/commands/index.ts";
import { parseWords } from "../../../lib/cli/words.ts";
import type { Bulletin } from "../../../lib/core/alert.ts";
import { renderDigest } from "../../../lib/render/alerts/digest.ts";
import { renderBulletin } from "../../../lib/render/alerts/index.ts";
import { commandsIn, shellWords } from "../../support/paste.ts";
import { bulletins } from "./every-status.ts";
import { exampleAlerts } from "./example-findings.ts";
import { bulletin } from "./sample-bulletin.ts";
import { digest } from "./sample-digest.ts";

/** Every command of ours in a text is one that this program takes, with these flags. */
async function expectTaken(texts: readonly string[]): Promise<void> {
  const commands = new Set(texts.flatMap(commandsIn));
  for (const command of commands) {
    const [, , name = "", ...rest] = shellWords(command, { DATABASE_URL: "postgres://h/d" });
    const known = await commandNamed(name);
    expect(known, command).toBeDefined();
    if (known === undefined) continue;
    const words = parseWords(known, rest);
    for (const id of words.list("only")) expect(checkOf(id).id).toBe(id);
    if (name === "explain") expect(checkOf(words.positionals[0] ?? "").id).toBe(rest[0]);
  }
}

const settings = { places: "--config 'my config.yaml' --store runs" };
const adhoc = { environment: "adhoc", name: "orders" };

const mailsOf = (one: Bulletin): readonly string[] =>
  [one, { ...one, target: adhoc }].flatMap((each) => [
    renderBulletin(each)[0]?.body ?? "",
    renderBulletin(each, settings)[0]?.body ?? "",
  ]);

describe("every command in an alert is one that pgvigil takes", () => {
  test.each([...bulletins])("%s", async (_, one) => {
    await expectTaken(mailsOf(one));
  });

  test("of every finding that the checks' examples make", async () => {
    expect(exampleAlerts.length).toBeGreaterThan(50);
    await expectTaken(exampleAlerts.flatMap((one) => mailsOf(bulletin({ alerts: [one] }))));
  });

  test("of the digest", async () => {
    const [mail] = renderDigest(digest(), settings);
    expect(commandsIn(mail?.body ?? "")).toHaveLength(2);
    await expectTaken([mail?.body ?? ""]);
  });
});
