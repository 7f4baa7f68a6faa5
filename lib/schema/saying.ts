import type { AttributeChange } from "./diff.ts";
import { nothing, ownersName } from "./privileges.ts";

type Value = AttributeChange["before"];

/** What an object does now, as a predicate: `is disabled now`, `is bigint now, was integer`. */
type Say = (before: Value, after: Value) => string;

const isNow =
  (state: string, back = `is no longer ${state}`): Say =>
  (_, after) =>
    after === null ? back : `is ${state} now`;

/** How a change of an attribute is said, where the attribute's own name would not say it. */
const words: Readonly<Record<string, Say>> = {
  "structure.type": (before, after) => `is ${sayValue(after)} now, was ${sayValue(before)}`,
  "structure.default": (before, after) =>
    after === null
      ? `has no default any more, had ${sayValue(before)}`
      : before === null
        ? `has the default ${sayValue(after)} now, had none`
        : `has the default ${sayValue(after)} now, had ${sayValue(before)}`,
  "structure.notNull": isNow("NOT NULL", "is no longer NOT NULL"),
  "structure.unlogged": isNow("unlogged", "is logged now"),
  "structure.unique": isNow("unique"),
  "structure.using": (before, after) => clause("USING", before, after),
  "structure.withCheck": (before, after) => clause("WITH CHECK", before, after),
  "structure.definition": () => "has another definition",
  "structure.body": () => "has another body",
  "structure.labels": (before, after) => labels(before, after),
  "structure.rowSecurity": (_, after) =>
    after === null ? "no longer has row security" : "has row security now",
  "structure.forceRowSecurity": (_, after) =>
    after === null
      ? "no longer forces row security on its owner"
      : "forces row security on its owner now",
  "structure.version": (before, after) =>
    `is of version ${sayValue(after)} now, was ${sayValue(before)}`,
  "structure.securityDefiner": (_, after) =>
    after === null
      ? "runs with the caller's rights now, ran with its owner's"
      : "runs with its owner's rights now, ran with the caller's",
  "inheritance.partitionOf": (before, after) =>
    after === null
      ? `is no longer a partition of ${sayValue(before)}`
      : `is a partition of ${sayValue(after)} now${before === null ? "" : `, was one of ${sayValue(before)}`}`,
  "inheritance.bound": (before, after) =>
    after === null
      ? "has no bounds any more"
      : before === null
        ? `holds ${sayValue(after)} now`
        : `holds ${sayValue(after)} now, held ${sayValue(before)}`,
  "inheritance.attachedTo": (before, after) =>
    after === null
      ? `is no longer attached to ${sayValue(before)}`
      : `is attached to ${sayValue(after)} now${before === null ? "" : `, was to ${sayValue(before)}`}`,
  "inheritance.inherits": (before, after) =>
    after === null
      ? `inherits from nothing any more, did from ${sayValue(before)}`
      : `inherits from ${sayValue(after)} now`,
  "validity.triggers": (before, after) =>
    after === null ? "is enforced again" : enforced(before, after),
  "validity.fires": (before, after) =>
    after === null ? `fires again as usual (it was ${firing(before)})` : `${firesNow(after)} now`,
  "validity.invalid": isNow("invalid", "is valid again"),
  "validity.notReady": (_, after) =>
    after === null ? "takes writes again" : "takes no writes now (not ready)",
  "validity.notLive": (_, after) =>
    after === null ? "is live again" : "is half dropped now (not live)",
  "validity.notValidated": isNow("NOT VALID", "is validated now"),
  "validity.notNullUnvalidated": (_, after) =>
    after === null ? "has its NOT NULL validated now" : "is NOT NULL for new rows only (NOT VALID)",
  "validity.notEnforced": isNow("NOT ENFORCED", "is enforced now"),
  "validity.detachPending": (_, after) =>
    after === null ? "is no longer half detached" : "is half detached now (DETACH … CONCURRENTLY)",
  "validity.notPopulated": (_, after) =>
    after === null ? "is populated now" : "is not populated now: it cannot be read",
  "ownership.owner": (before, after) =>
    `belongs to ${sayValue(after)} now, did to ${sayValue(before)}`,
  "comments.comment": (before, after) =>
    after === null
      ? "has no comment any more"
      : `has ${before === null ? "a" : "another"} comment now`,
  "columnOrder.columns": () => "has its columns in another order",
};

/** `is bigint now, was integer`; long values are left to the definitions. */
export function sayChange(change: AttributeChange): string {
  const { facet, attribute, before, after } = change;
  const said = facet === "privileges" ? sayGrants(attribute, before, after) : undefined;
  const predicate = said ?? words[`${facet}.${attribute}`]?.(before, after) ?? plainly(change);
  return predicate.length > 160 || predicate.includes("\n")
    ? `has another ${spaced(attribute)}`
    : predicate;
}

/** An attribute in one or two words, for a list of several. */
export const sayAttribute = ({ facet, attribute }: AttributeChange): string =>
  facet === "privileges"
    ? `privileges of ${attribute === ownersName ? "its owner" : attribute}`
    : (short[attribute] ?? spaced(attribute));

const short: Readonly<Record<string, string>> = {
  notNull: "NOT NULL",
  triggers: "enforcement",
  fires: "firing",
  invalid: "validity",
  notReady: "readiness",
  notLive: "liveness",
  notValidated: "validation",
  notEnforced: "enforcement",
  columns: "column order",
  partitionOf: "what it is a partition of",
  bound: "bounds",
  attachedTo: "what it is attached to",
  inherits: "what it inherits from",
  using: "USING",
  withCheck: "WITH CHECK",
};

/** What an attribute is that a facet does not mention, where it is not nothing. */
const usual: Readonly<Record<string, string>> = {
  "structure.volatility": "volatile",
  "structure.parallel": "unsafe",
  "structure.cost": "the usual one",
  "structure.rows": "the usual ones",
  "structure.replicaIdentity": "its primary key",
  "structure.command": "all",
  "structure.min": "the usual one",
  "structure.max": "the usual one",
  "physical.storage": "the one of its type",
  "physical.compression": "the usual one",
  "physical.statistics": "the usual ones",
  "physical.target": "the usual one",
  "physical.accessMethod": "heap",
  "physical.tablespace": "the usual one",
};

function plainly({ facet, attribute, before, after }: AttributeChange): string {
  const name = spaced(attribute);
  const none = usual[`${facet}.${attribute}`];
  if (after === true) return `is ${name} now`;
  if (before === true) return `is no longer ${name}`;
  if (after === null && none === undefined)
    return `has no ${name} any more, had ${sayValue(before)}`;
  return `has ${name} ${after === null ? none : sayValue(after)} now, had ${before === null ? (none ?? "none") : sayValue(before)}`;
}

/** Null is what PostgreSQL gives by itself: all to the owner, some to PUBLIC, nothing to others. */
function sayGrants(grantee: string, before: Value, after: Value): string {
  const isOwner = grantee === ownersName;
  const who = isOwner ? "its owner" : grantee;
  const usual = isOwner ? "all" : "the usual privileges";
  const [old, now] = [listOf(before), listOf(after)];
  if (now.includes(nothing)) return `no longer grants ${usual} to ${who}`;
  if (old.includes(nothing) && after === null) return `grants ${usual} to ${who} again`;
  if (isOwner && after === null) return "grants all to its owner again";
  if (isOwner && before === null) return `grants only ${now.join(", ")} to its owner now, not all`;
  const given = now.filter((one) => !old.includes(one));
  const taken = old.filter((one) => !now.includes(one) && one !== nothing);
  return [
    ...(given.length > 0 ? [`grants ${given.join(", ")} to ${who} now`] : []),
    ...(taken.length > 0 ? [`no longer grants ${taken.join(", ")} to ${who}`] : []),
  ].join(" and ");
}

/** `RI_FKey_check_ins on public.order_lines is disabled`: the table and the state, each once. */
function enforced(before: Value, after: Value): string {
  const states = new Map<string, Set<string>>();
  for (const text of listOf(after)) {
    const [, table = text, state = ""] = / on (.*) (is disabled|fires .*)$/s.exec(text) ?? [];
    states.set(state, (states.get(state) ?? new Set()).add(table));
  }
  const told = [...states].map(([state, tables]) => {
    const names = [...tables].join(" and ");
    return state === "is disabled"
      ? `its triggers on ${names} are disabled`
      : `its triggers on ${names} ${state.replace(/^fires/, "fire")}`;
  });
  const isOff = [...states.keys()].some((state) => state !== "fires always");
  const verdict = isOff
    ? before === null
      ? "is no longer enforced"
      : "is not enforced in the same way as before"
    : "is enforced on replicas too";
  return `${verdict}: ${told.join(", ")}`;
}

const firesNow = (state: Value): string =>
  state === "disabled" ? "is disabled" : `fires ${sayValue(state)}`;

const firing = (state: Value): string =>
  state === "disabled" ? "disabled" : `set to fire ${sayValue(state)}`;

function labels(before: Value, after: Value): string {
  const [old, now] = [listOf(before), listOf(after)];
  const come = now.filter((one) => !old.includes(one));
  const gone = old.filter((one) => !now.includes(one));
  if (come.length + gone.length === 0) return "has its labels in another order";
  return [
    ...(come.length > 0 ? [`has ${come.join(", ")} now`] : []),
    ...(gone.length > 0 ? [`has ${gone.join(", ")} no more`] : []),
  ].join(" and ");
}

const clause = (word: string, before: Value, after: Value): string =>
  after === null
    ? `has no ${word} any more, had ${word} ${inside(before)}`
    : `has ${word} ${inside(after)} now, had ${before === null ? "none" : `${word} ${inside(before)}`}`;

const inside = (value: Value): string => {
  const text = sayValue(value);
  return /^\(.*\)$/s.test(text) ? text : `(${text})`;
};

const listOf = (value: Value): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** A value as it stands for itself, with words for what is as usual. */
export function sayState({ facet, attribute }: AttributeChange, value: Value): string {
  if (facet !== "privileges") {
    return value === null ? (usual[`${facet}.${attribute}`] ?? "none") : sayValue(value);
  }
  return value === null ? "as usual" : sayValue(value).replace(nothing, "none");
}

const sayValue = (value: Value): string =>
  value === null
    ? "none"
    : Array.isArray(value)
      ? value.map(sayValue).join(", ")
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);

const spaced = (attribute: string): string =>
  attribute.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
