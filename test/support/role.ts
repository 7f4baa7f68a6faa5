import { randomBytes } from "node:crypto";
import { uniqueName } from "./test-server.ts";

export interface TestRole {
  readonly name: string;
  readonly password: string;
}

export interface RoleOptions {
  /** What stands between GRANT and TO: `SELECT ON orders`, or a role such as `pg_monitor`. */
  readonly grants?: readonly string[];
  /** As in CREATE ROLE: `CONNECTION LIMIT 3 REPLICATION`. */
  readonly attributes?: string;
}

/** A new role that may log in to this database, and the words that make it. */
export function newRole(
  database: string,
  { grants = [], attributes = "" }: RoleOptions,
): TestRole & { readonly sql: string } {
  const name = uniqueName("role");
  const password = randomBytes(9).toString("base64url");
  const statements = [
    `CREATE ROLE ${name} LOGIN PASSWORD '${password}' ${attributes}`,
    ...[`CONNECT ON DATABASE ${database}`, ...grants].map((grant) => `GRANT ${grant} TO ${name}`),
  ];
  return { name, password, sql: statements.join(";\n") };
}
