import type { Mutation } from "./mutation.ts";

/** What hangs on tables beside their columns: made beside the base. */
export const rulesBase = `
  CREATE TABLE app.people (id int);
  CREATE TABLE app.ledger (person_id int, amount int, note text);
  CREATE TABLE app.kept (a int);
  CREATE VIEW app.large AS SELECT amount FROM app.ledger WHERE amount > 1000;
  CREATE POLICY own ON app.ledger FOR UPDATE TO pg_monitor
    USING (amount > 0) WITH CHECK (person_id IN (SELECT id FROM app.people));
  CREATE RULE no_delete AS ON DELETE TO app.kept DO INSTEAD NOTHING;
  CREATE RULE logged AS ON INSERT TO app.large DO INSTEAD INSERT INTO app.ledger (amount) VALUES (new.amount);
  CREATE STATISTICS app.ledger_stats (ndistinct, dependencies) ON person_id, amount FROM app.ledger;`;

const policy = (words: string) =>
  `DROP POLICY own ON app.ledger; CREATE POLICY own ON app.ledger ${words}`;
const usual =
  "FOR UPDATE TO pg_monitor USING (amount > 0) WITH CHECK (person_id IN (SELECT id FROM app.people))";

export const ofRules: readonly Mutation[] = [
  [
    "a policy more",
    "CREATE POLICY everyone ON app.people USING (true)",
    "DROP POLICY everyone ON app.people",
    "added policy everyone on app.people",
  ],
  [
    "a policy gone",
    "DROP POLICY own ON app.ledger",
    `CREATE POLICY own ON app.ledger ${usual}`,
    "removed policy own on app.ledger",
  ],
  [
    "whom a policy lets see",
    "ALTER POLICY own ON app.ledger USING (amount > 1)",
    "ALTER POLICY own ON app.ledger USING (amount > 0)",
    "changed policy own on app.ledger: structure.using",
  ],
  [
    "what a policy lets be written",
    "ALTER POLICY own ON app.ledger WITH CHECK (true)",
    "ALTER POLICY own ON app.ledger WITH CHECK (person_id IN (SELECT id FROM app.people))",
    "changed policy own on app.ledger: structure.withCheck",
  ],
  [
    "a policy's roles",
    "ALTER POLICY own ON app.ledger TO PUBLIC",
    "ALTER POLICY own ON app.ledger TO pg_monitor",
    "changed policy own on app.ledger: structure.roles",
  ],
  [
    "a policy's command",
    policy(usual.replace("FOR UPDATE", "FOR ALL")),
    policy(usual),
    "changed policy own on app.ledger: structure.command",
  ],
  [
    "a policy that restricts",
    policy(`AS RESTRICTIVE ${usual}`),
    policy(usual),
    "changed policy own on app.ledger: structure.restrictive",
  ],
  [
    "a policy's comment",
    "COMMENT ON POLICY own ON app.ledger IS 'hm'",
    "COMMENT ON POLICY own ON app.ledger IS NULL",
    "changed policy own on app.ledger: comments.comment",
  ],
  [
    "a rule gone",
    "DROP RULE no_delete ON app.kept",
    "CREATE RULE no_delete AS ON DELETE TO app.kept DO INSTEAD NOTHING",
    "removed rule no_delete on app.kept",
  ],
  [
    "what a rule does",
    "CREATE OR REPLACE RULE logged AS ON INSERT TO app.large DO INSTEAD NOTHING",
    "CREATE OR REPLACE RULE logged AS ON INSERT TO app.large DO INSTEAD INSERT INTO app.ledger (amount) VALUES (new.amount)",
    "changed rule logged on app.large: structure.definition",
  ],
  [
    "a rule disabled",
    "ALTER TABLE app.kept DISABLE RULE no_delete",
    "ALTER TABLE app.kept ENABLE RULE no_delete",
    "changed rule no_delete on app.kept: validity.fires",
  ],
  [
    "a rule on replicas",
    "ALTER TABLE app.kept ENABLE REPLICA RULE no_delete",
    "ALTER TABLE app.kept ENABLE RULE no_delete",
    "changed rule no_delete on app.kept: validity.fires",
  ],
  [
    "a rule's comment",
    "COMMENT ON RULE no_delete ON app.kept IS 'hm'",
    "COMMENT ON RULE no_delete ON app.kept IS NULL",
    "changed rule no_delete on app.kept: comments.comment",
  ],
  [
    "extended statistics gone",
    "DROP STATISTICS app.ledger_stats",
    "CREATE STATISTICS app.ledger_stats (ndistinct, dependencies) ON person_id, amount FROM app.ledger",
    "removed statistics app.ledger_stats",
  ],
  [
    "their kinds and columns",
    "DROP STATISTICS app.ledger_stats; CREATE STATISTICS app.ledger_stats (ndistinct) ON person_id, note FROM app.ledger",
    "DROP STATISTICS app.ledger_stats; CREATE STATISTICS app.ledger_stats (ndistinct, dependencies) ON person_id, amount FROM app.ledger",
    "changed statistics app.ledger_stats: structure.definition",
  ],
  [
    "their target",
    "ALTER STATISTICS app.ledger_stats SET STATISTICS 300",
    "ALTER STATISTICS app.ledger_stats SET STATISTICS -1",
    "changed statistics app.ledger_stats: physical.target",
  ],
  [
    "their owner",
    "ALTER STATISTICS app.ledger_stats OWNER TO pg_monitor",
    "ALTER STATISTICS app.ledger_stats OWNER TO postgres",
    "changed statistics app.ledger_stats: ownership.owner",
  ],
  [
    "their comment",
    "COMMENT ON STATISTICS app.ledger_stats IS 'hm'",
    "COMMENT ON STATISTICS app.ledger_stats IS NULL",
    "changed statistics app.ledger_stats: comments.comment",
  ],
];

export const ofRulesSince14: readonly Mutation[] = [
  [
    "statistics of an expression",
    "DROP STATISTICS app.ledger_stats; CREATE STATISTICS app.ledger_stats (ndistinct, dependencies) ON person_id, (amount + 1) FROM app.ledger",
    "DROP STATISTICS app.ledger_stats; CREATE STATISTICS app.ledger_stats (ndistinct, dependencies) ON person_id, amount FROM app.ledger",
    "changed statistics app.ledger_stats: structure.definition",
  ],
];
