/**
 * Does an expression call one of these functions without a column among its arguments? The planner
 * folds such a call into a constant, which means: it calls the function
 * (src/backend/optimizer/util/clauses.c, evaluate_function).
 *
 * @param tree a pg_node_tree as text: `{FUNCEXPR :funcid 16400 … :args ({CONST …})}`
 */
export function callsWithoutColumn(tree: string, functions: ReadonlySet<number>): boolean {
  const open: { readonly calls: boolean; hasColumn: boolean }[] = [];
  for (const { 1: brace, index } of tree.matchAll(/\\.|([{}])/gs)) {
    if (brace === "{") {
      const head = tree.slice(index, index + 400);
      open.push({ calls: functions.has(functionOf(head)), hasColumn: head.startsWith("{VAR ") });
    } else if (brace === "}") {
      const node = open.pop();
      if (node?.calls && !node.hasColumn) return true;
      const parent = open.at(-1);
      if (parent !== undefined && node?.hasColumn) parent.hasColumn = true;
    }
  }
  return false;
}

/** Function calls and operators name their function before their arguments. */
const functionOf = (head: string): number =>
  Number(/^\{[A-Z]+(?: :opno \d+)? :(?:funcid|opfuncid) (\d+)/.exec(head)?.[1]);
