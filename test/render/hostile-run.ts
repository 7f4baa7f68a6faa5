import { outcome, reportOf, runOf } from "./sample-run.ts";

/** A name that tries everything: terminal, XML, HTML, markdown, workflow commands, tables. */
export const hostileName =
  "\u001b]0;owned\u0007\u009b31m\u0000\ufffe</failure><script>alert(1)</script>&amp;]]>\r\n::error::owned\n" +
  "| [x](http://evil.example) ![](https://evil.example/a.png) @everyone #12 `` ``` **b** _u_ <!-- \n" +
  "```\n# owned\n\u202e\u2066rtl\u200b\ud800 %0A::stop-commands::x ##[error]owned \"quoted\" 'it''s' \\";

const quoted = `"${hostileName.replaceAll('"', '""')}"`;

/** Every text that comes from a database is hostile. */
export const hostileRun = runOf(
  reportOf(
    [
      outcome("indexes/invalid", "found", {
        scope: hostileName,
        cause: "privilege",
        reason: hostileName,
        cure: `GRANT SELECT ON ${quoted} TO ${quoted};`,
        findings: [
          {
            object: { kind: hostileName, name: hostileName, identity: quoted },
            severity: "critical",
            summary: hostileName,
            detail: [hostileName],
            evidence: {
              [hostileName]: hostileName,
              list: [hostileName],
              sessions: [{ application: hostileName, more: { deep: hostileName } }],
            },
            remedy: {
              summary: hostileName,
              sql: `REINDEX INDEX ${quoted};\nSELECT '${hostileName.replaceAll("'", "''")}';`,
              lock: hostileName,
              undo: hostileName,
              otherwise: { summary: hostileName, sql: `DROP INDEX ${quoted};` },
            },
          },
        ],
      }),
      outcome("migrations/dirty", "skipped", {
        cause: "error",
        reason: hostileName,
        cure: hostileName,
      }),
      outcome("schema/drift-from-last", "skipped", {
        cause: "not-applicable",
        reason: hostileName,
      }),
      outcome("constraints/not-validated", "passed", { scope: hostileName }),
    ],
    { target: { environment: "adhoc", name: hostileName } },
  ),
  reportOf([outcome("indexes/invalid", "passed", { scope: hostileName })]),
);
