import type { Mutation } from "./mutation.ts";

export const ofOthers: readonly Mutation[] = [
  [
    "a sequence's increment",
    "ALTER SEQUENCE app.numbers INCREMENT 10",
    "ALTER SEQUENCE app.numbers INCREMENT 1",
    "changed sequence app.numbers: structure.increment",
  ],
  [
    "a sequence that cycles",
    "ALTER SEQUENCE app.numbers CYCLE",
    "ALTER SEQUENCE app.numbers NO CYCLE",
    "changed sequence app.numbers: structure.cycle",
  ],
  [
    "a sequence's type",
    "ALTER SEQUENCE app.numbers AS int",
    "ALTER SEQUENCE app.numbers AS bigint",
    "changed sequence app.numbers: structure.max structure.type",
  ],
  [
    "a sequence's owner column",
    "ALTER SEQUENCE app.numbers OWNED BY app.orders.total",
    "ALTER SEQUENCE app.numbers OWNED BY NONE",
    "changed sequence app.numbers: structure.ownedBy",
  ],
  [
    "an enum's label",
    "ALTER TYPE app.mood RENAME VALUE 'ok' TO 'fine'",
    "ALTER TYPE app.mood RENAME VALUE 'fine' TO 'ok'",
    "changed column app.customers.mood: structure.default",
    "changed enum app.mood: structure.labels",
  ],
  [
    "another enum",
    "CREATE TYPE app.weight AS ENUM ('s', 'l')",
    "DROP TYPE app.weight",
    "added enum app.weight",
  ],
  [
    "an extension",
    "CREATE EXTENSION pg_trgm SCHEMA app",
    "DROP EXTENSION pg_trgm",
    "added extension pg_trgm",
  ],
  [
    "an extension's version",
    "UPDATE pg_extension SET extversion = '0.9' WHERE extname = 'plpgsql'",
    "UPDATE pg_extension SET extversion = '1.0' WHERE extname = 'plpgsql'",
    "changed extension plpgsql: structure.version",
  ],
];
