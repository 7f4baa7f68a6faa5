import type { ResultOf } from "../../../core/read.ts";
import type { UnprovenConstraint, unprovenConstraints } from "../../reads/unproven-constraints.ts";

/** The one row of the read, with these in it. */
export const counted = (
  ...unproven: readonly UnprovenConstraint[]
): { constraints: ResultOf<typeof unprovenConstraints> } => ({
  constraints: [
    {
      foreignKeys: 43,
      checks: 12,
      notNulls: 0,
      domainChecks: 1,
      ofExtensions: 0,
      unproven: [...unproven],
    },
  ],
});

export const example = (
  differing: Pick<UnprovenConstraint, "type"> & Partial<UnprovenConstraint>,
): UnprovenConstraint => ({
  schema: "public",
  table: "orders",
  name: "orders_customer",
  identity: "orders_customer on public.orders",
  sqlOwner: "public.orders",
  sqlName: "orders_customer",
  isEnforced: true,
  isPartitioned: false,
  referenced: "public.customers",
  definition: null,
  ...differing,
});
