import type { Mutation } from "./mutation.ts";

/** What is told as `kind identity`, and how DDL names it, where that is otherwise. */
export interface Thing {
  readonly kind: string;
  readonly identity: string;
  readonly as?: string;
}

const inDdl = ({ kind, identity, as = `${kind} ${identity}` }: Thing): string => as;

export const owned = (thing: Thing): Mutation => [
  `${thing.kind} ${thing.identity}: its owner`,
  `ALTER ${inDdl(thing)} OWNER TO pg_monitor`,
  `ALTER ${inDdl(thing)} OWNER TO CURRENT_USER`,
  `changed ${thing.kind} ${thing.identity}: ownership.owner`,
];

export const commented = (thing: Thing): Mutation => [
  `${thing.kind} ${thing.identity}: its comment`,
  `COMMENT ON ${inDdl(thing)} IS 'it''s'`,
  `COMMENT ON ${inDdl(thing)} IS NULL`,
  `changed ${thing.kind} ${thing.identity}: comments.comment`,
];

/** Where PUBLIC may use it, as long as nobody says otherwise. */
export const withheld = (thing: Thing, privilege: string, on: string): Mutation => [
  `${thing.kind} ${thing.identity}: withheld from PUBLIC`,
  `REVOKE ${privilege} ON ${on} FROM PUBLIC`,
  `GRANT ${privilege} ON ${on} TO PUBLIC`,
  `changed ${thing.kind} ${thing.identity}: privileges.PUBLIC`,
];
