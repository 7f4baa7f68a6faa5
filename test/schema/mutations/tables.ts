import type { Mutation } from "./mutation.ts";

export const ofTables: readonly Mutation[] = [
  [
    "a table more",
    "CREATE TABLE app.extra (id int PRIMARY KEY)",
    "DROP TABLE app.extra",
    "added table app.extra",
  ],
  [
    "a table unlogged",
    "ALTER TABLE app.events_1 SET UNLOGGED",
    "ALTER TABLE app.events_1 SET LOGGED",
    "changed table app.events_1: structure.unlogged",
  ],
  [
    "row security on",
    "ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE app.orders DISABLE ROW LEVEL SECURITY",
    "changed table app.orders: structure.rowSecurity",
  ],
  [
    "row security forced",
    "ALTER TABLE app.orders FORCE ROW LEVEL SECURITY",
    "ALTER TABLE app.orders NO FORCE ROW LEVEL SECURITY",
    "changed table app.orders: structure.forceRowSecurity",
  ],
  [
    "replica identity full",
    "ALTER TABLE app.orders REPLICA IDENTITY FULL",
    "ALTER TABLE app.orders REPLICA IDENTITY DEFAULT",
    "changed table app.orders: structure.replicaIdentity",
  ],
  [
    "replica identity an index",
    "ALTER TABLE app.customers REPLICA IDENTITY USING INDEX customers_email",
    "ALTER TABLE app.customers REPLICA IDENTITY DEFAULT",
    "changed index app.customers_email: structure.replicaIdentity",
    "changed table app.customers: structure.replicaIdentity",
  ],
  [
    "a storage parameter",
    "ALTER TABLE app.orders SET (fillfactor = 70)",
    "ALTER TABLE app.orders RESET (fillfactor)",
    "changed table app.orders: physical.options",
  ],
  [
    "a toast parameter",
    "ALTER TABLE app.orders SET (toast.autovacuum_enabled = off)",
    "ALTER TABLE app.orders RESET (toast.autovacuum_enabled)",
    "changed table app.orders: physical.options",
  ],
  [
    "a partition detached",
    "ALTER TABLE app.events DETACH PARTITION app.events_1",
    "ALTER TABLE app.events ATTACH PARTITION app.events_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    "changed table app.events_1: inheritance.bound inheritance.partitionOf",
  ],
  [
    "another partition",
    "CREATE TABLE app.events_2 PARTITION OF app.events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
    "DROP TABLE app.events_2",
    "added table app.events_2",
  ],
  [
    "a bound",
    "ALTER TABLE app.events DETACH PARTITION app.events_1; ALTER TABLE app.events ATTACH PARTITION app.events_1 FOR VALUES FROM ('2026-01-01') TO ('2026-06-01')",
    "ALTER TABLE app.events DETACH PARTITION app.events_1; ALTER TABLE app.events ATTACH PARTITION app.events_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    "changed table app.events_1: inheritance.bound",
  ],
  [
    "an owner",
    "ALTER TABLE app.parent OWNER TO pg_monitor",
    "ALTER TABLE app.parent OWNER TO postgres",
    "changed table app.parent: ownership.owner",
  ],
  [
    "a comment",
    "COMMENT ON TABLE app.orders IS 'what was ordered'",
    "COMMENT ON TABLE app.orders IS NULL",
    "changed table app.orders: comments.comment",
  ],
  [
    "a table's privilege",
    "GRANT SELECT ON app.orders TO pg_monitor",
    "REVOKE ALL ON app.orders FROM pg_monitor",
    "changed table app.orders: privileges.pg_monitor",
  ],
  [
    "no inheritance",
    "ALTER TABLE app.child NO INHERIT app.parent",
    "DROP TABLE app.child; CREATE TABLE app.child (c int) INHERITS (app.parent)",
    "changed table app.child: inheritance.inherits",
  ],
];
