import type { SilentTriggers, UnenforcedConstraint } from "../../reads/silent-triggers.ts";

const onOrders = (name: string) => ({
  schema: "public",
  table: "orders",
  name,
  identity: `${name} on public.orders`,
  sqlTable: "public.orders",
  sqlName: name,
});

const key: UnenforcedConstraint = {
  ...onOrders("orders_customer"),
  type: "foreign key",
  isPartitioned: false,
  definition: "FOREIGN KEY (customer_id) REFERENCES public.customers(id)",
  sides: [
    {
      side: "referencing",
      mode: "disabled",
      tableCount: 1,
      silent: [{ table: "public.orders", triggers: ['"RI_ConstraintTrigger_c_16403"'] }],
    },
  ],
};

const off = { mode: "disabled", isOfExtension: false } as const;

const seen = (differing: Partial<SilentTriggers>) => ({
  switches: [
    {
      triggers: 12,
      foreignKeys: 43,
      rules: 0,
      eventTriggers: 1,
      userTriggers: [],
      constraints: [],
      silentRules: [],
      silentEventTriggers: [],
      settings: [],
      isServerwide: false,
      ...differing,
    },
  ],
});

export const examples = [
  { name: "all fire", evidence: seen({}), finds: [] },
  {
    name: "a foreign key whose triggers are disabled",
    evidence: seen({ constraints: [key] }),
    finds: ["critical orders_customer on public.orders"],
  },
  {
    name: "a user's trigger that is disabled",
    evidence: seen({
      userTriggers: [{ ...onOrders("audit"), ...off, tableCount: 1, silent: ["public.orders"] }],
    }),
    finds: ["warning audit on public.orders"],
  },
  {
    name: "what an extension switched off is its own affair",
    evidence: seen({
      silentEventTriggers: [{ name: "theirs", identity: "theirs", ...off, isOfExtension: true }],
    }),
    finds: [],
  },
  {
    name: "a role whose sessions skip them all",
    evidence: seen({ settings: [{ role: "loader", database: null }] }),
    finds: ["critical loader"],
  },
];
