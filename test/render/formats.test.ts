import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { runSchema } from "../../lib/core/report.ts";
import { json } from "../../lib/render/json.ts";
import { junit } from "../../lib/render/junit.ts";
import { sarif } from "../../lib/render/sarif.ts";
import { hostileRun } from "./hostile-run.ts";
import { context, fleet, one, outcome, reportOf, runOf } from "./sample-run.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8");

const runs = { one, fleet, hostile: hostileRun, empty: runOf() };

describe("json", () => {
  const ajv = new Ajv2020({ strict: false });
  const validate = ajv.compile(
    JSON.parse(readFileSync(new URL("../../schema/run.schema.json", import.meta.url), "utf8")),
  );

  test.each(Object.entries(runs))("%s is valid by the schema that ships", (_, run) => {
    validate(JSON.parse(json(run, { evidence: false })));
    expect(validate.errors).toBe(null);
    validate({ ...JSON.parse(json(run, { evidence: false })), laterRelease: true });
    expect(validate.errors).toBe(null);
  });

  test("the schema would notice", () => {
    expect(validate({ ...one, reports: [{ ...one.reports[0], verdict: "green" }] })).toBe(false);
  });

  test("is the run document, read back as it was", () => {
    const { $schema, ...read } = JSON.parse(json(hostileRun, { evidence: true }));
    expect($schema).toBe("./node_modules/pgvigil/schema/run.schema.json");
    expect(read).toEqual(JSON.parse(JSON.stringify(hostileRun)));
    expect(runSchema.safeParse(read).error).toBeUndefined();
  });

  test("what only a replay needs is printed only when asked for", () => {
    const rows = { indexes: [{ name: "a" }] };
    const replayable = outcome("indexes/invalid", "passed", {
      evidence: rows,
      memory: { seen: 1 },
      past: { at: "2026-11-19T03:00:00Z" },
    });
    const run = runOf(reportOf([replayable]));
    expect(json(run, { evidence: true })).toContain('"evidence"');
    const printed = JSON.parse(json(run, { evidence: false })).reports[0].outcomes[0];
    expect(printed).toEqual({
      check: "indexes/invalid",
      status: "passed",
      scope: "not looked at",
      findings: [],
    });
  });
});

describe("sarif", () => {
  // The published schema is of draft 4, of which it uses nothing that draft 7 has changed.
  const { $schema: _, id: _id, ...schema } = JSON.parse(fixture("sarif-2.1.0-rtm.5.json"));
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  test.each(Object.entries(runs))("%s is valid by the published schema", (_, run) => {
    validate(JSON.parse(sarif(run, { ...context, configFile: "ops/pgvigil config.yaml" })));
    expect(validate.errors).toBe(null);
  });

  test("the schema would notice", () => {
    expect(validate({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
  });

  const [log] = JSON.parse(sarif(fleet, context)).runs;

  test("a result names its rule, its object and its fingerprint", () => {
    const result = log.results.find((r: { ruleId: string }) => r.ruleId === "indexes/invalid");
    expect(result).toMatchObject({
      level: "error",
      partialFingerprints: { "pgvigil/v1": "fccb0c91757d7568" },
      locations: [
        {
          logicalLocations: [
            {
              name: "orders_number_key",
              fullyQualifiedName: "production/orders/public.orders_number_key",
              kind: "index",
            },
          ],
        },
      ],
    });
    expect(log.tool.driver.rules[result.ruleIndex]).toMatchObject({
      id: "indexes/invalid",
      helpUri: "https://www.postgresql.org/docs/current/index.html",
      shortDescription: { text: "Index that PostgreSQL does not use" },
    });
    expect(new Set(log.results.map((r: { level: string }) => r.level))).toEqual(
      new Set(["error", "warning", "note"]),
    );
  });

  test("what could not be looked at is a notification, and the execution no success", () => {
    const [invocation] = log.invocations;
    expect(invocation).toMatchObject({ executionSuccessful: false, exitCode: 1 });
    expect(invocation.toolExecutionNotifications).toHaveLength(10);
    expect(invocation.toolExecutionNotifications[1]).toMatchObject({
      level: "warning",
      message: {
        text: expect.stringContaining(
          "production/orders: integrity/foreign-key-orphans could not look (privilege): no SELECT",
        ),
      },
    });
  });
});

describe("junit", () => {
  const schema = { fileName: "jenkins-junit.xsd", contents: fixture("jenkins-junit.xsd") };
  const valid = (contents: string) =>
    validateXML({ xml: { fileName: "junit.xml", contents }, schema: [schema] });

  test.each(Object.entries(runs))("%s is valid by the published schema", async (_, run) => {
    expect(await valid(junit(run, context))).toMatchObject({ valid: true, errors: [] });
  });

  test("the schema would notice", async () => {
    expect(await valid('<testsuites><testsuite name="a"/></testsuites>')).toMatchObject({
      valid: false,
    });
  });

  const printed = junit(fleet, context);

  test("a suite a target, a case a check, counted", () => {
    expect(printed).toContain('<testsuites name="pgvigil" tests="18" failures="4" errors="10"');
    expect(printed).toContain(
      '<testsuite name="production/orders" id="0" tests="13" failures="3" errors="7" skipped="2" time="3.792" timestamp="2026-11-20T03:00:00">',
    );
    expect(printed.match(/<testcase /g)).toHaveLength(18);
    expect(printed.match(/<failure /g)).toHaveLength(1 + 1 + 412 + 1);
    expect(printed).toContain("<skipped>nothing sealed yet</skipped>");
    expect(printed).toContain(
      '<error type="privilege" message="no SELECT on billing.payouts, billing.refunds">GRANT SELECT',
    );
  });

  test("what lies below the level that fails is told and no failure", () => {
    const lenient = junit(one, { ...context, failOn: "critical" });
    expect(lenient.match(/<failure /g)).toHaveLength(2);
    expect(lenient).toContain("warning: check c7 on public.t7 is NOT VALID");
    expect(junit(one, { ...context, failOn: "never" })).not.toContain("<failure ");
  });
});
