import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse as parseYaml, stringify } from "yaml";
import { checks as checkList } from "../../lib/checks/index.ts";
import { configJsonSchema } from "../../lib/config/json-schema.ts";
import { contractExample, known, parse, small } from "./known.ts";

const schema = configJsonSchema(known);
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);
const errorsOf = (text: string) => {
  validate(parseYaml(text));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

test("an editor finds nothing to say of the contract's example", () => {
  expect(errorsOf(contractExample)).toEqual([]);
});

test("an editor says what the loader would", () => {
  expect(errorsOf(small("checks: { indexes/invalid: { sevrity: notice } }"))).toEqual([
    "/checks/indexes~1invalid must NOT have additional properties",
  ]);
  expect(errorsOf(small("checks: { capacity/connections: { warning: 2min } }"))).toHaveLength(1);
  expect(errorsOf(small("limts: {}"))).toEqual([" must NOT have additional properties"]);
  expect(errorsOf(small("auth: {}"))).toEqual(["/auth must NOT have fewer than 1 properties"]);
});

test("an editor completes checks and options, with what they mean", () => {
  expect(schema).toMatchObject({
    properties: { checks: { $ref: "#/$defs/checks" } },
    $defs: {
      checks: {
        properties: {
          "activity/long-transaction": {
            title: "activity/long-transaction is well",
            properties: { critical: { description: "From when on it pages" }, enabled: {} },
          },
        },
      },
    },
  });
});

test("the schema that ships knows every check there is, and takes what `init` could write", () => {
  const shipped = JSON.parse(
    readFileSync(new URL("../../schema/config.schema.json", import.meta.url), "utf8"),
  );
  expect(Object.keys(shipped.$defs.checks.properties)).toEqual(checkList.map(({ id }) => id));
  const validateShipped = ajv.compile(shipped);
  validateShipped(parseYaml(small("checks: { indexes/invalid: { enabled: false } }")));
  expect(validateShipped.errors).toBe(null);
  validateShipped(parseYaml(contractExample));
  expect(validateShipped.errors).toBe(null);
});

const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,10}$/);
const durations = fc
  .tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom("s", "min", "h"))
  .map(([n, unit]) => `${n}${unit}`);
const checks = fc.record(
  {
    "indexes/invalid": fc.record(
      { enabled: fc.boolean(), severity: fc.constantFrom("notice", "critical") },
      { requiredKeys: [] },
    ),
    "integrity/foreign-key-orphans": fc.record({ budget: durations }),
    "capacity/connections": fc.record({
      // Above 95 % it is above critical, which no JSON Schema can say.
      warning: fc.integer({ min: 0, max: 95 }).map((n) => `${n}%`),
    }),
  },
  { requiredKeys: [] },
);
const target = fc.record(
  {
    url: fc.uuid().map((id) => `postgres://vigil@db.internal/${id}`),
    pausable: fc.boolean(),
    auth: fc.constantFrom(
      { passwordEnv: "A" },
      { secret: "arn:aws:s" },
      { iam: { resourceId: "db-A1" } },
    ),
    limits: fc.record({ connect: durations, lock: fc.constant("150ms") }),
    checks,
  },
  { requiredKeys: ["url"] },
);
const anyConfig = fc.record(
  {
    schemaVersion: fc.constant(1),
    timezone: fc.constantFrom("UTC", "Europe/Berlin"),
    store: fc.string({ minLength: 1 }),
    environments: fc.dictionary(
      name,
      fc.record({ targets: fc.dictionary(name, target, { minKeys: 1, maxKeys: 3 }), checks }),
      { minKeys: 1, maxKeys: 3 },
    ),
    profiles: fc.record({ pulse: fc.record({ every: durations, checks }) }),
    ignore: fc.array(
      fc.record({ name: fc.string({ minLength: 1 }), reason: fc.string({ minLength: 1 }) }),
    ),
    owners: fc.dictionary(
      fc.stringMatching(/^[A-Za-z ]{1,8}$/),
      fc.record({ contact: fc.string({ minLength: 1, unit: "grapheme" }) }),
    ),
  },
  { requiredKeys: ["schemaVersion", "environments"] },
);

test("what was written in any way is read as the same: block, flow, JSON", () => {
  fc.assert(
    fc.property(anyConfig, (written) => {
      expect(errorsOf(JSON.stringify(written))).toEqual([]);
      const config = parse(stringify(written));
      expect(parse(JSON.stringify(written))).toEqual(config);
      expect(parse(stringify(written, { collectionStyle: "flow" }))).toEqual(config);
      expect(config.checks ?? {}).toEqual({});
      for (const [environment, { targets }] of Object.entries(written.environments)) {
        for (const [name, { url, checks }] of Object.entries(targets)) {
          const read = config.environments[environment]?.targets[name];
          expect(read).toMatchObject({ url });
          expect(read?.checks).toEqual(checks);
        }
      }
    }),
    { numRuns: 60 },
  );
});
