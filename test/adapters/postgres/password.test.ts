import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clientConfigOf } from "../../../lib/adapters/postgres/config.ts";

const lines = [
  "# comment:5432:*:*:no",
  "h:5432:orders:vigil:right",
  "h:5432:*:*:for any database",
  String.raw`h:6432:a\:b:vi\\gil:with\:colon:and\\more`,
  "localhost:5432:orders:vigil:by socket",
  "h:1:orders:vigil:",
];

function withPassfile(mode: number, url: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "home-"));
  writeFileSync(join(home, ".pgpass"), lines.join("\n"), { mode });
  const { password } = clientConfigOf({ url, env: {}, home }).client;
  if (typeof password !== "function") throw new Error("not asked later");
  return Promise.resolve(password());
}

test.each([
  ["postgres://vigil@h/orders", "right"],
  ["postgres://vigil@h/stock", "for any database"],
  ["postgres://vi%5Cgil@h:6432/a%3Ab", String.raw`with:colon:and\more`],
  ["postgres://vigil@%2Ftmp/orders", "by socket"],
])("~/.pgpass has the password for %s", async (url, password) => {
  expect(await withPassfile(0o600, url)).toBe(password);
});

test("a server that asks where nothing fits is an error of authentication with what to do", async () => {
  await expect(withPassfile(0o600, "postgres://vigil@elsewhere/orders")).rejects.toMatchObject({
    errorClass: "authentication",
    message: "the server asks for the password of vigil, and none was given",
    hint: expect.stringContaining("which has no line that fits"),
  });
});

test.skipIf(process.platform === "win32")("a file that others can read is not used", async () => {
  await expect(withPassfile(0o644, "postgres://vigil@h/orders")).rejects.toMatchObject({
    hint: expect.stringContaining("chmod 600"),
  });
});

test("a password file that is not there says so only once a server asks", async () => {
  const home = mkdtempSync(join(tmpdir(), "home-"));
  const env = { PGPASSFILE: join(home, "mine") };
  const { password } = clientConfigOf({ url: "postgres://vigil@h/orders", env, home }).client;
  await expect(Promise.resolve().then(Object(password))).rejects.toMatchObject({
    hint: expect.stringContaining(join(home, "mine")),
  });
});
