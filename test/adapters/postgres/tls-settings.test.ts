import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { expect, test } from "vitest";
import { clientConfigOf } from "../../../lib/adapters/postgres/config.ts";
import { rdsRoots } from "../../../lib/adapters/postgres/settings/rds-roots.ts";

const fixture = join(import.meta.dirname, "../../fixtures/tls/root.crt");
const home = mkdtempSync(join(tmpdir(), "home-"));
const tlsOf = (url: string, folder = home) => clientConfigOf({ url, env: {}, home: folder }).client;
const optionsOf = (url: string, folder = home): ConnectionOptions => {
  const { ssl } = tlsOf(url, folder);
  if (typeof ssl !== "object") throw new Error(`ssl is ${ssl}`);
  return ssl;
};

/** In the words of libpq. */
function strictness(url: string, folder = home): string {
  const { ssl, tlsIsOptional } = tlsOf(url, folder);
  if (typeof ssl !== "object") return "none";
  const verifies = ssl.rejectUnauthorized !== false;
  const checksName = verifies && ssl.checkServerIdentity === undefined;
  const strict = checksName ? "name and root" : verifies ? "root" : "encrypted";
  return tlsIsOptional ? `${strict}, if offered` : strict;
}

test.each([
  ["postgres://db.example.com/d", "name and root"],
  ["postgres://10.1.2.3/d", "name and root"],
  ["postgres://127.evil.com/d", "name and root"],
  ["postgres://localhost.evil.com/d", "name and root"],
  ["postgres://localhost/d", "none"],
  ["postgres://127.0.0.1/d", "none"],
  ["postgres://[::1]/d", "none"],
  ["postgres://%2Ftmp/d", "none"],
  ["postgres://%2Ftmp/d?sslmode=verify-full", "none"],
  [`postgres://localhost/d?sslrootcert=${fixture}`, "name and root"],
  ["postgres://localhost/d?sslmode=verify-full", "name and root"],
  ["postgres://h/d?sslmode=disable", "none"],
  ["postgres://h/d?sslmode=allow", "encrypted, if offered"],
  ["postgres://h/d?sslmode=prefer", "encrypted, if offered"],
  ["postgres://h/d?sslmode=require", "encrypted"],
  ["postgres://h/d?sslmode=no-verify", "encrypted"],
  [`postgres://h/d?sslmode=require&sslrootcert=${fixture}`, "root"],
  [`postgres://h/d?sslmode=verify-ca&sslrootcert=${fixture}`, "root"],
  ["postgres://x.y.eu-west-1.rds.amazonaws.com/d?sslmode=verify-ca", "root"],
  ["postgres://h/d?sslmode=require&channel_binding=require", "name and root"],
  ["postgres://h/d?ssl=true", "name and root"],
  ["postgres://h/d?ssl=false", "none"],
])("%s is verified by: %s", (url, expected) => {
  expect(strictness(url)).toBe(expected);
});

test("a root certificate that was chosen is the only one that is trusted", () => {
  const pem = readFileSync(fixture, "utf8");
  expect(optionsOf(`postgres://h/d?sslrootcert=${fixture}`).ca).toEqual([pem]);
});

test("~/.postgresql holds a user's root and client certificate, as for libpq", () => {
  const folder = mkdtempSync(join(tmpdir(), "home-"));
  mkdirSync(join(folder, ".postgresql"));
  for (const name of ["root.crt", "postgresql.crt", "postgresql.key"]) {
    writeFileSync(join(folder, ".postgresql", name), name);
  }
  expect(optionsOf("postgres://h/d", folder)).toMatchObject({
    ca: ["root.crt"],
    cert: "postgresql.crt",
    key: "postgresql.key",
  });
  expect(strictness("postgres://h/d?sslmode=require", folder)).toBe("root");
});

test("Amazon's roots are trusted for Amazon's endpoints of that region, and nowhere else", () => {
  const host = "orders.c1ab.eu-central-1.rds.amazonaws.com";
  expect(rdsRoots(host).length).toBeGreaterThanOrEqual(3);
  expect(rdsRoots(`${host}.evil.com`)).toEqual([]);
  const trusted = optionsOf(`postgres://${host}/d`).ca;
  expect(trusted).toEqual(expect.arrayContaining([...rdsRoots(host)]));
  expect(optionsOf("postgres://db.example.com/d").ca).toBeUndefined();
});

test("the driver's warnings about sslmode never come up", () => {
  const warnings: unknown[] = [];
  const listen = (warning: unknown) => warnings.push(warning);
  process.on("warning", listen);
  tlsOf("postgres://h/d?sslmode=require");
  process.off("warning", listen);
  expect(warnings).toEqual([]);
});
