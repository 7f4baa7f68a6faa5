import * as z from "zod";
import { didYouMean } from "../core/near.ts";
import { at, keysAt, schemaAt } from "./lookup.ts";
import type { Path } from "./problem.ts";

/** What is wrong, in words, and whether the key or its value is to blame. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
  readonly of: "key" | "value";
}

type Issue = z.core.$ZodIssue;

/** From zod's issues to sentences: what was expected, what came, and what was probably meant. */
export const explain = (
  issues: readonly Issue[],
  value: unknown,
  schema: z.core.$ZodType,
): readonly Fault[] =>
  issues
    .filter((issue) => !issues.some((other) => isConsequence(issue, other)))
    .flatMap((issue) => faultsOf(issue, value, schema));

/** Where a key is misspelt, that another one is absent is no news. */
const isConsequence = (issue: Issue, other: Issue): boolean =>
  issue.code === "custom" &&
  other.code === "unrecognized_keys" &&
  issue.path.join("\n") === other.path.join("\n");

function faultsOf(issue: Issue, value: unknown, schema: z.core.$ZodType): readonly Fault[] {
  const path = issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
  const came = at(value, path);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: unknownKey(key, known),
      of: "key" as const,
    }));
  }
  if (issue.code === "invalid_union") {
    const branch = issue.errors.find((issues) => issues.every(isInside(came))) ?? [];
    const inner = branch.map((i) => ({ ...i, path: [...issue.path, ...i.path] }));
    if (inner.length > 0) return explain(inner, value, schema);
  }
  const message = expectation(issue, came, () => schemaAt(schema, path));
  if (came === undefined && message.startsWith("expected")) {
    return [{ path, message: `is missing: ${message}`, of: "key" }];
  }
  const isKey = issue.code === "invalid_key";
  const isTold = isKey || issue.code === "custom" || !message.startsWith("expected");
  const tail = isTold ? "" : whatCame(came, path);
  const near = issue.code === "invalid_value" ? nearOne(came, issue.values) : "";
  return [{ path, message: `${message}${tail}${near}`, of: isKey ? "key" : "value" }];
}

/** The branch of a union that has the right kind of value, and something wrong within. */
const isInside =
  (came: unknown) =>
  ({ code, path }: Issue): boolean =>
    path.length > 0 || (typeof came === "string" && code !== "invalid_type");

function expectation(
  issue: Issue,
  came: unknown,
  schema: () => z.core.$ZodType | undefined,
): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${formatOf(came, schema()) ?? kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `expected ${issue.values.map(String).join(issue.values.length > 2 ? ", " : " or ")}`;
    case "invalid_format":
      return `expected ${issue.message}`;
    case "invalid_key":
      return `expected ${issue.issues[0]?.message ?? "another key"}`;
    case "invalid_union":
      return `expected ${issue.errors.map(([first]) => first && expectation(first, came, schema).replace("expected ", "")).join(" or ")}`;
    case "too_small":
      return issue.origin === "number" ? `expected at least ${issue.minimum}` : "must not be empty";
    case "too_big":
      return `expected at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a mapping",
  record: "a mapping",
  array: "a list",
};

/** A text of which form, where another kind of scalar came, or nothing at all: `for: 2`. */
function formatOf(came: unknown, schema: z.core.$ZodType | undefined): string | undefined {
  if (!(schema instanceof z.ZodString)) return undefined;
  if (came === undefined) return formatIssue("", schema);
  if (typeof came !== "number" && typeof came !== "boolean") return undefined;
  return formatIssue(String(came), schema) ?? "a text, in quotes";
}

const formatIssue = (text: string, schema: z.core.$ZodType): string | undefined =>
  z.safeParse(schema, text).error?.issues.find(({ code }) => code === "invalid_format")?.message;

function unknownKey(key: string, known: readonly string[]): string {
  const near = didYouMean(key, known);
  const isCheck = known.some((name) => name.includes("/"));
  if (near !== "") return `${isCheck ? "no check is called that" : "unknown key"}${near}`;
  if (isCheck) return "no check is called that; `pgvigil checks` lists them";
  return `unknown key; here may stand ${known.join(", ") || "nothing"}`;
}

const nearOne = (came: unknown, values: readonly unknown[]): string =>
  typeof came !== "string" || values.some((value) => typeof value !== "string")
    ? ""
    : didYouMean(came, values.map(String));

/** What may hold a secret is never repeated, not even where it is wrong. */
const secretive = /^(url|replica|password\w*|secret|token|auth|httpsEnv)$/i;

function whatCame(came: unknown, path: Path): string {
  if (came === null) return ", found nothing";
  if (Array.isArray(came)) return ", found a list";
  if (typeof came === "object") return ", found a mapping";
  if (path.some((key) => secretive.test(String(key)))) return "";
  const text = JSON.stringify(came) ?? String(came);
  return `, found ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
}
