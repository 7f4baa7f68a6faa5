import { quoteName } from "./words.ts";

/** A tree of PostgreSQL's parser, as libpg_query writes it in JSON. */
type Tree = { readonly [key: string]: unknown };

/** Where something stood in the text, and which of two spellings of one call was used. */
const notSaid = new Set([
  "location",
  "stmt_location",
  "stmt_len",
  "list_start",
  "list_end",
  // btrim(a) and TRIM(BOTH FROM a): CoercionForm in src/include/nodes/primnodes.h
  "funcformat",
  "version",
]);

/**
 * What a statement says, apart from how it is written. Two texts that PostgreSQL printed under our
 * search_path mean the same where their shapes are equal. Each rule is one that its parser itself
 * makes use of:
 * - a function or type without a schema is pg_catalog's: the search_path holds no other;
 * - a cast of ARRAY[…] is a cast of each of its elements: transformTypeCast() in parse_expr.c.
 *   So `IN` over varchar is printed otherwise once it was dumped and restored;
 * - an argument of which nothing is said goes in: 14 says so of procedures, 13 does not;
 * - a literal that names an object names it with and without quotes: castOfName();
 * - a column that is qualified with the one table of a view's FROM is that column: see unqualified().
 */
export function shapeOf(parsed: unknown, hidden: HiddenCasts = "none"): unknown {
  if (!isTree(parsed) || !Array.isArray(parsed.stmts)) return undefined;
  return parsed.stmts.map((each: unknown) => {
    const statement = isTree(each) ? each.stmt : undefined;
    return shaped(unqualified(statement), hidden);
  });
}

/**
 * From 14 on a function that SQL has a syntax for is printed in it, `TRIM(BOTH FROM a)`, without a
 * cast that PostgreSQL made by itself; 13 prints `btrim((a)::text)`: get_func_sql_syntax() in
 * ruleutils.c. Only between those two the cast to text of an argument is no difference.
 */
export type HiddenCasts = "none" | "in SQL's own syntax";

const withSyntax = new Set(
  "btrim ltrim rtrim substring position overlay timezone normalize is_normalized".split(" "),
);

function withoutCasts({ funcname, args, ...call }: Tree): Tree {
  const names = Array.isArray(funcname) ? funcname : [];
  if (!withSyntax.has(textOf(names.at(-1)) ?? "") || !Array.isArray(args)) {
    return { ...call, funcname, ...(args === undefined ? {} : { args }) };
  }
  const bare = args.map((arg: unknown) => {
    const cast = isTree(arg) && isTree(arg.TypeCast) ? arg.TypeCast : {};
    const type = isTree(cast.typeName) ? cast.typeName : {};
    const [name, ...rest]: unknown[] = Array.isArray(type.names) ? type.names : [];
    const isText = textOf(name) === "text" && rest.length === 0 && type.arrayBounds === undefined;
    return isText ? cast.arg : arg;
  });
  return { ...call, funcname, args: bare };
}

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function shaped(node: unknown, hidden: HiddenCasts): unknown {
  if (Array.isArray(node)) return node.map((each) => shaped(each, hidden));
  if (!isTree(node)) return node;
  if (isTree(node.TypeCast)) {
    const cast = castOfElements(node.TypeCast) ?? castOfName(node.TypeCast);
    if (cast !== undefined) return shaped(cast, hidden);
  }
  if (node.mode === "FUNC_PARAM_DEFAULT") {
    return shaped({ ...node, mode: "FUNC_PARAM_IN" }, hidden);
  }
  const said = hidden === "none" || !Array.isArray(node.funcname) ? node : withoutCasts(node);
  const entries = Object.entries(said)
    .filter(([key]) => !notSaid.has(key))
    .map(([key, value]) => [key, shaped(isNameList(key) ? withoutCatalog(value) : value, hidden)]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

const isNameList = (key: string): boolean => key === "names" || key === "funcname";

function withoutCatalog(names: unknown): unknown {
  if (!Array.isArray(names) || names.length !== 2) return names;
  const [schema, name]: unknown[] = names;
  return textOf(schema) === "pg_catalog" ? [name] : names;
}

/** The text of `{"String": {"sval": …}}`. */
function textOf(node: unknown): string | undefined {
  if (!isTree(node) || !isTree(node.String)) return undefined;
  return typeof node.String.sval === "string" ? node.String.sval : undefined;
}

/** `ARRAY[a, b]::text[]` as `ARRAY[a::text, b::text]`. */
function castOfElements({ arg, typeName }: Tree): unknown {
  if (!isTree(arg) || !isTree(arg.A_ArrayExpr) || !isTree(typeName)) return undefined;
  const { elements } = arg.A_ArrayExpr;
  const { arrayBounds, ...element } = typeName;
  if (!Array.isArray(elements) || elements.length === 0) return undefined;
  if (JSON.stringify(arrayBounds) !== '[{"Integer":{"ival":-1}}]') return undefined;
  const isNested = (each: unknown): boolean => isTree(each) && each.A_ArrayExpr !== undefined;
  return {
    A_ArrayExpr: {
      ...arg.A_ArrayExpr,
      elements: elements.map((each: unknown) => ({
        TypeCast: { arg: each, typeName: isNested(each) ? typeName : element },
      })),
    },
  };
}

/** `'public.json'::regclass` as 17 prints it, with quotes around a word that is a keyword now. */
function castOfName({ arg, typeName }: Tree): unknown {
  if (!isTree(arg) || !isTree(arg.A_Const) || !isTree(typeName)) return undefined;
  const { sval } = arg.A_Const;
  const [type]: unknown[] = Array.isArray(typeName.names) ? typeName.names : [];
  if (!isTree(sval) || typeof sval.sval !== "string" || !/^reg/.test(textOf(type) ?? "")) {
    return undefined;
  }
  const name = quoteName(sval.sval);
  if (name === sval.sval) return undefined;
  return { TypeCast: { arg: { A_Const: { sval: { sval: name } } }, typeName } };
}

/**
 * Up to 15 a view's columns carry the name of their table even where it is the only one in FROM;
 * from 16 on not: get_query_def() in ruleutils.c. Of a statement of which FROM names one thing, and
 * outside its subqueries, `t.a` and `a` are the same column. But ORDER BY and DISTINCT ON look a
 * bare name up among the results first: there, `a` that is a result of another sort stays as it is.
 */
function unqualified(statement: unknown): unknown {
  if (!isTree(statement) || !isTree(statement.SelectStmt)) return statement;
  const select = statement.SelectStmt;
  const source = onlySource(select.fromClause);
  if (source === undefined) return statement;
  const strip = (node: unknown): unknown => withoutSource(node, source);
  const results = Array.isArray(select.targetList) ? select.targetList : [];
  const stripSort = (node: unknown): unknown => (isAmbiguous(node, results) ? node : strip(node));
  const stripped = Object.entries(select).map(([key, value]) => {
    if (key === "fromClause" || key === "withClause") return [key, value];
    const isSort = (key === "sortClause" || key === "distinctClause") && Array.isArray(value);
    return [key, isSort ? value.map(stripSort) : strip(value)];
  });
  return { SelectStmt: Object.fromEntries(stripped) };

  /** A bare column in ORDER BY under whose name there is a result that is not just that column. */
  function isAmbiguous(node: unknown, targets: readonly unknown[]): boolean {
    const sorted = isTree(node) && isTree(node.SortBy) ? node.SortBy.node : node;
    const fields = fieldsOf(sorted);
    const name = textOf(fields?.at(-1));
    if (fields === undefined || name === undefined) return false;
    return targets.some((target) => {
      const result = isTree(target) && isTree(target.ResTarget) ? target.ResTarget : {};
      const own = fieldsOf(strip(result.val));
      const isJustThat = own?.length === 1 && textOf(own[0]) === name;
      const called = typeof result.name === "string" ? result.name : textOf(own?.at(-1));
      return called === name && !isJustThat;
    });
  }
}

/** What the one item of FROM is called; none where there are more, a join among them. */
function onlySource(from: unknown): string | undefined {
  if (!Array.isArray(from) || from.length !== 1 || !isTree(from[0])) return undefined;
  const [kind, item] = Object.entries(from[0])[0] ?? [];
  if (!isTree(item)) return undefined;
  if (kind === "RangeTableSample") return onlySource([item.relation]);
  // XMLTABLE is called so where nobody calls it otherwise: addRangeTableEntryForTableFunc().
  const own = kind === "RangeTableFunc" ? "xmltable" : item.relname;
  const name = isTree(item.alias) ? item.alias.aliasname : own;
  return typeof name === "string" && kind !== "JoinExpr" ? name : undefined;
}

function fieldsOf(node: unknown): readonly unknown[] | undefined {
  const fields = isTree(node) && isTree(node.ColumnRef) ? node.ColumnRef.fields : undefined;
  return Array.isArray(fields) ? fields : undefined;
}

/** The subqueries of an expression name their own tables, and are left alone. */
function withoutSource(node: unknown, source: string): unknown {
  if (Array.isArray(node)) return node.map((each) => withoutSource(each, source));
  if (!isTree(node) || node.SelectStmt !== undefined) return node;
  const fields = fieldsOf(node);
  if (fields?.length === 2 && textOf(fields[0]) === source && textOf(fields[1]) !== undefined) {
    return { ColumnRef: { fields: [fields[1]] } };
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withoutSource(value, source)]),
  );
}
