import { expect, test } from "vitest";
import { quoteIdentifier } from "../../../lib/core/sql.ts";
import { renderBulletin } from "../../../lib/render/alerts/index.ts";
import { testDatabase } from "../../support/database.ts";
import { sqlIn } from "../../support/paste.ts";
import { hostileName } from "../hostile-run.ts";
import { alert, bulletin, finding } from "./sample-bulletin.ts";

const bytes63 = (name: string): string =>
  Buffer.from(name.replaceAll("\0", "")).toString("utf8", 0, 60);

test.each([
  ["spaces and quotes", `a "b" 'c' ; DROP TABLE x; -- d`],
  ["a newline and a backslash", "line one\n  two \\"],
  ["letters beyond ASCII", "café für 表"],
  ["what turns the text around", "\u202egpj\u200b\u2066"],
  ["backticks", "a```b`c"],
  ["all that is hostile", bytes63(hostileName.replaceAll("\ud800", ""))],
])("the SQL for a name with %s works as a mail and a card print it", async (_, name) => {
  await using db = await testDatabase();
  const remedy = {
    summary: "Rename it.",
    sql: `ALTER TABLE public.${quoteIdentifier(name)} RENAME TO found;`,
  };
  const one = alert({ finding: finding({ remedy }) });
  const [mail, card] = renderBulletin(bulletin({ alerts: [one] }));
  const { description } = JSON.parse(card?.body ?? "{}").content;
  const [, block = ""] = /```\n([\s\S]*?)\n```/.exec(description) ?? [];
  // As whoever copies from Slack gets it.
  const copied = block.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  for (const sql of [sqlIn(mail?.body ?? "")[0] ?? "", copied]) {
    await db.sql(`DROP TABLE IF EXISTS found`);
    await db.sql(`CREATE TABLE ${quoteIdentifier(name)} (id int)`);
    await db.sql(sql);
    expect(await db.sql("SELECT count(*)::int AS n FROM found")).toEqual([{ n: 0 }]);
  }
});
