import type { Mutation } from "./mutation.ts";
import { commented, owned, type Thing, withheld } from "./owned.ts";

const floats = (words = "", subtype = "float8") => `
  DROP TYPE IF EXISTS app.floats;
  CREATE TYPE app.floats AS RANGE (SUBTYPE = ${subtype}${words});`;

export const typesBase = `
  CREATE DOMAIN app.positive AS int CONSTRAINT positive CHECK (VALUE > 0);
  CREATE DOMAIN app.word AS varchar(20) DEFAULT 'x';
  CREATE TYPE app.address AS (street text, zip varchar(10));
  CREATE TYPE app.size AS ENUM ('s', 'm');
  CREATE TYPE app.shell;
  CREATE FUNCTION app.difference(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
  CREATE OPERATOR CLASS app.float_ops FOR TYPE float8 USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btfloat8cmp(float8, float8);
  ${floats()}`;

const domain: Thing = { kind: "domain", identity: "app.positive" };
const composite: Thing = {
  kind: "composite type",
  identity: "app.address",
  as: "TYPE app.address",
};
const type = (kind: string, name: string): Thing => ({
  kind,
  identity: `app.${name}`,
  as: `TYPE app.${name}`,
});

export const ofTypes: readonly Mutation[] = [
  ...[domain, composite, type("enum", "size"), type("range", "floats")].flatMap((thing) => [
    owned(thing),
    commented(thing),
    withheld(thing, "USAGE", `TYPE ${thing.identity}`),
  ]),
  owned(type("shell type", "shell")),
  commented(type("shell type", "shell")),
  [
    "a domain NOT NULL",
    "ALTER DOMAIN app.positive SET NOT NULL",
    "ALTER DOMAIN app.positive DROP NOT NULL",
    "changed domain app.positive: structure.notNull",
  ],
  [
    "a domain's default",
    "ALTER DOMAIN app.word SET DEFAULT 'y'",
    "ALTER DOMAIN app.word SET DEFAULT 'x'",
    "changed domain app.word: structure.default",
  ],
  [
    "a domain's default gone",
    "ALTER DOMAIN app.word DROP DEFAULT",
    "ALTER DOMAIN app.word SET DEFAULT 'x'",
    "changed domain app.word: structure.default",
  ],
  [
    "a domain's type",
    "DROP DOMAIN app.word; CREATE DOMAIN app.word AS varchar(30) DEFAULT 'x'",
    "DROP DOMAIN app.word; CREATE DOMAIN app.word AS varchar(20) DEFAULT 'x'",
    "changed domain app.word: structure.type",
  ],
  [
    "a domain's collation",
    `DROP DOMAIN app.word; CREATE DOMAIN app.word AS varchar(20) COLLATE "C" DEFAULT 'x'`,
    "DROP DOMAIN app.word; CREATE DOMAIN app.word AS varchar(20) DEFAULT 'x'",
    "changed domain app.word: structure.collation",
  ],
  [
    "a domain gone",
    "DROP DOMAIN app.positive",
    "CREATE DOMAIN app.positive AS int CONSTRAINT positive CHECK (VALUE > 0)",
    "removed domain app.positive",
  ],
  [
    "a domain's constraint gone",
    "ALTER DOMAIN app.positive DROP CONSTRAINT positive",
    "ALTER DOMAIN app.positive ADD CONSTRAINT positive CHECK (VALUE > 0)",
    "removed domain constraint positive on app.positive",
  ],
  [
    "a domain's constraint",
    "ALTER DOMAIN app.positive DROP CONSTRAINT positive; ALTER DOMAIN app.positive ADD CONSTRAINT positive CHECK (VALUE >= 0)",
    "ALTER DOMAIN app.positive DROP CONSTRAINT positive; ALTER DOMAIN app.positive ADD CONSTRAINT positive CHECK (VALUE > 0)",
    "changed domain constraint positive on app.positive: structure.definition",
  ],
  [
    "a domain's constraint NOT VALID",
    "ALTER DOMAIN app.positive DROP CONSTRAINT positive; ALTER DOMAIN app.positive ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID",
    "ALTER DOMAIN app.positive VALIDATE CONSTRAINT positive",
    "changed domain constraint positive on app.positive: validity.notValidated",
  ],
  [
    "a domain's constraint: its comment",
    "COMMENT ON CONSTRAINT positive ON DOMAIN app.positive IS 'why'",
    "COMMENT ON CONSTRAINT positive ON DOMAIN app.positive IS NULL",
    "changed domain constraint positive on app.positive: comments.comment",
  ],
  [
    "a composite type's attribute",
    "ALTER TYPE app.address ADD ATTRIBUTE city text",
    "ALTER TYPE app.address DROP ATTRIBUTE city",
    "added attribute app.address.city",
  ],
  [
    "an attribute's type",
    "ALTER TYPE app.address ALTER ATTRIBUTE zip TYPE varchar(12)",
    "ALTER TYPE app.address ALTER ATTRIBUTE zip TYPE varchar(10)",
    "changed attribute app.address.zip: structure.type",
  ],
  [
    "an attribute's collation",
    `ALTER TYPE app.address ALTER ATTRIBUTE street TYPE text COLLATE "C"`,
    `ALTER TYPE app.address ALTER ATTRIBUTE street TYPE text COLLATE "default"`,
    "changed attribute app.address.street: structure.collation",
  ],
  [
    "an attribute's comment",
    "COMMENT ON COLUMN app.address.zip IS 'code'",
    "COMMENT ON COLUMN app.address.zip IS NULL",
    "changed attribute app.address.zip: comments.comment",
  ],
  [
    "the order of attributes",
    "DROP TYPE app.address; CREATE TYPE app.address AS (zip varchar(10), street text)",
    "DROP TYPE app.address; CREATE TYPE app.address AS (street text, zip varchar(10))",
    "changed composite type app.address: columnOrder.columns",
  ],
  [
    "a composite type gone",
    "DROP TYPE app.address",
    "CREATE TYPE app.address AS (street text, zip varchar(10))",
    "removed composite type app.address",
  ],
  [
    "the order of an enum",
    "DROP TYPE app.size; CREATE TYPE app.size AS ENUM ('m', 's')",
    "DROP TYPE app.size; CREATE TYPE app.size AS ENUM ('s', 'm')",
    "changed enum app.size: structure.labels",
  ],
  [
    "a label in the midst of an enum",
    "ALTER TYPE app.size ADD VALUE 'xs' BEFORE 's'",
    "DROP TYPE app.size; CREATE TYPE app.size AS ENUM ('s', 'm')",
    "changed enum app.size: structure.labels",
  ],
  [
    "a shell type defined",
    `DROP TYPE app.shell; CREATE TYPE app.shell AS ENUM ()`,
    "DROP TYPE app.shell; CREATE TYPE app.shell",
    "added enum app.shell",
    "removed shell type app.shell",
  ],
  [
    "another range",
    "CREATE TYPE app.spans AS RANGE (SUBTYPE = interval)",
    "DROP TYPE app.spans",
    "added range app.spans",
  ],
  [
    "a range's subtype",
    floats("", "float4"),
    floats(),
    "changed range app.floats: structure.operatorClass structure.subtype",
  ],
  [
    "a range's difference",
    floats(", SUBTYPE_DIFF = float8mi"),
    floats(),
    "changed range app.floats: structure.difference",
  ],
  [
    "a range's difference of ours",
    floats(", SUBTYPE_DIFF = app.difference"),
    floats(),
    "changed range app.floats: structure.difference",
  ],
  [
    "a range's operator class",
    floats(", SUBTYPE_OPCLASS = app.float_ops"),
    floats(),
    "changed range app.floats: structure.operatorClass",
  ],
  [
    "a range's collation",
    'DROP TYPE app.floats; CREATE TYPE app.floats AS RANGE (SUBTYPE = text, COLLATION = "C")',
    floats(),
    "changed range app.floats: structure.collation structure.operatorClass structure.subtype",
  ],
  [
    "a range's canonical function",
    `DROP TYPE app.floats; CREATE TYPE app.floats;
     CREATE FUNCTION app.canonical(app.floats) RETURNS app.floats LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
     CREATE TYPE app.floats AS RANGE (SUBTYPE = float8, CANONICAL = app.canonical)`,
    "DROP TYPE app.floats CASCADE; CREATE TYPE app.floats AS RANGE (SUBTYPE = float8)",
    "added function app.canonical(app.floats)",
    "changed range app.floats: structure.canonical",
  ],
];

export const ofTypesSince14: readonly Mutation[] = [
  [
    "a multirange's name",
    floats(", MULTIRANGE_TYPE_NAME = app.several"),
    floats(),
    "changed range app.floats: structure.multirange",
  ],
  [
    "a multirange's comment",
    "COMMENT ON TYPE app.floats_multirange IS 'many'",
    "COMMENT ON TYPE app.floats_multirange IS NULL",
    "changed range app.floats: comments.multirange",
  ],
];

export const ofTypesSince17: readonly Mutation[] = [
  [
    "a domain's NOT NULL with a name",
    "ALTER DOMAIN app.positive ADD CONSTRAINT must NOT NULL",
    "ALTER DOMAIN app.positive DROP NOT NULL",
    "changed domain app.positive: structure.notNull naming.notNull",
  ],
];
