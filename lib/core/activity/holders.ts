import * as z from "zod";
import { heldHorizonFor, holdsHorizon, horizonOf } from "./horizon.ts";
import type { Backend, Picture, Prepared } from "./picture.ts";
import { sessionName } from "./who.ts";

/** A slot or a standby, as the read "horizons" has it. */
export interface OutsideHolder {
  readonly kind: "slot" | "standby";
  readonly name: string;
  readonly isLogical: boolean;
  readonly isActive: boolean;
  readonly consumer: string | null;
  readonly isVisible: boolean;
  readonly xmin: string | null;
  readonly xminAge: number | null;
  readonly catalogXmin: string | null;
  readonly catalogXminAge: number | null;
  readonly inactive: number | null;
}

/** Whatever keeps VACUUM from removing what died since: of tables, or of the catalogs alone. */
export interface Holder {
  readonly key: string;
  readonly identity: string;
  readonly what:
    | { readonly kind: "session"; readonly backend: Backend }
    | { readonly kind: "prepared transaction"; readonly prepared: Prepared }
    | { readonly kind: "replication slot" | "standby"; readonly outside: OutsideHolder };
  readonly isCatalogOnly: boolean;
  readonly xid: string;
  /** In transactions. */
  readonly age: number;
  /** Seconds, so far as the server tells; 0 where it does not. */
  readonly known: number;
}

export const holdersIn = (
  picture: Picture,
  outside: readonly OutsideHolder[],
): readonly Holder[] => [
  ...picture.backends.flatMap(ofSession),
  ...picture.prepared.map(ofPrepared),
  ...outside.flatMap(ofOutside),
];

function ofSession(backend: Backend): readonly Holder[] {
  const horizon = horizonOf(backend);
  if (horizon === null || !holdsHorizon(backend)) return [];
  return [
    {
      key: `session ${backend.pid} ${backend.backendStart} ${backend.xactStart}`,
      identity: sessionName(backend),
      what: { kind: "session", backend },
      isCatalogOnly: false,
      ...horizon,
      known: heldHorizonFor(backend),
    },
  ];
}

const ofPrepared = (prepared: Prepared): Holder => ({
  key: `prepared ${prepared.gid} ${prepared.preparedAt}`,
  identity: `prepared transactions of ${prepared.owner}`,
  what: { kind: "prepared transaction", prepared },
  isCatalogOnly: false,
  xid: prepared.xid,
  age: prepared.xidAge,
  known: prepared.age,
});

function ofOutside(outside: OutsideHolder): readonly Holder[] {
  const { kind, name, xmin, xminAge, catalogXmin, catalogXminAge, inactive } = outside;
  const base = {
    identity: name === "" ? "a standby without a name" : name,
    what: { kind: kind === "slot" ? ("replication slot" as const) : kind, outside },
    known: inactive ?? 0,
  };
  return [
    ...(xmin === null || xminAge === null
      ? []
      : [{ ...base, key: `${kind} ${name}`, isCatalogOnly: false, xid: xmin, age: xminAge }]),
    ...(catalogXmin === null || catalogXminAge === null
      ? []
      : [
          {
            ...base,
            key: `${kind} ${name} catalog`,
            isCatalogOnly: true,
            xid: catalogXmin,
            age: catalogXminAge,
          },
        ]),
  ];
}

/** Who held which horizon when we looked, and since when we know of it. */
export const sightingsSchema = z.record(
  z.string(),
  z.object({ xid: z.string(), since: z.string() }),
);
export type Sightings = z.infer<typeof sightingsSchema>;

/** A horizon that has not moved since an earlier look is held at least since then. */
export const sight = (holders: readonly Holder[], before: Sightings, now: Date): Sightings =>
  Object.fromEntries(
    holders.map(({ key, xid }) => {
      const seen = before[key];
      return [key, { xid, since: seen?.xid === xid ? seen.since : now.toISOString() }];
    }),
  );

/**
 * Does `kept` know since when each of them holds? Of one that is seen for the first time now there is
 * nothing to know yet.
 */
export const isKnown = (sightings: Sightings, kept: Sightings, now: Date): boolean =>
  Object.entries(sightings).every(([key, { xid, since }]) => {
    const before = kept[key];
    return since === now.toISOString() || (before?.xid === xid && before.since <= since);
  });
