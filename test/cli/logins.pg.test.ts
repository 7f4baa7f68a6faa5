import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "../support/aws/deployment.ts";
import { testDatabase } from "../support/database.ts";

const arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf";

/** The address without a password; without its role, where the secret names it. */
function addressOf(url: string, { role }: { readonly role: boolean }): string {
  const address = new URL(url);
  address.password = "";
  if (!role) address.username = "";
  return address.href;
}

const configOf = (url: string, auth: string) => `
schemaVersion: 1
environments:
  production:
    auth: ${auth}
    targets: { shop: { url: "${url}" } }
aws: { region: eu-central-1 }
`;

test("a secret of Secrets Manager opens the database for every command that asks it", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ grants: ["pg_monitor"] });
  const url = new URL(db.url({ user: name }));
  await using place = await checkout(
    configOf(addressOf(url.href, { role: true }), `{ secret: "${arn}" }`),
  );
  const password = decodeURIComponent(url.password);
  place.aws.secrets.values.set(arn, JSON.stringify({ username: "nobody", password }));
  const checked = await place.run("check", "--profile", "pulse");
  expect(checked.stdout).toContain("production/shop: healthy");
  expect(checked.code).toBe(0);
  expect((await place.run("doctor")).stdout).toMatch(new RegExp(`ok +login +${name}`));
  expect((await place.run("locks")).stdout).toContain("Nobody waits");
  expect((await place.run("snapshot", "--seal-only")).code).toBe(0);

  // Where the URL names nobody, the secret does.
  const config = configOf(addressOf(url.href, { role: false }), `{ secret: "${arn}" }`);
  await writeFile(join(place.cwd, "pgvigil.config.yaml"), config);
  place.aws.secrets.values.set(arn, JSON.stringify({ username: name, password }));
  expect((await place.run("doctor")).stdout).toMatch(new RegExp(`ok +login +${name}`));
});

test("what the secret or the token does not open says where to look", async () => {
  await using db = await testDatabase();
  const { name } = await db.role({ grants: ["pg_monitor"] });
  const address = addressOf(db.url({ user: name }), { role: true });
  await using place = await checkout(configOf(address, `{ secret: "${arn}" }`));
  const absent = await place.run("doctor");
  expect(absent.code).toBe(6);
  expect(absent.stdout).toContain(`the secret ${arn} cannot be read: ResourceNotFoundException`);
  expect(absent.stdout).toContain("secretsmanager:GetSecretValue");
  place.aws.secrets.values.set(arn, "wrong");
  const wrong = await place.run("check", "--profile", "pulse");
  expect(wrong.code).toBe(6);
  expect(wrong.stdout).toContain("its rotation reach this database?");

  const config = configOf(address, "{ iam: { resourceId: db-ABCDEFGHIJKL } }");
  await writeFile(join(place.cwd, "pgvigil.config.yaml"), config);
  const token = await place.run("doctor");
  expect(token.code).toBe(6);
  expect(token.stdout).toContain(`rds_iam granted to ${name}`);
});
