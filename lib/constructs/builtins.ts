import { builtinModules } from "node:module";
import type { Plugin } from "esbuild";

/**
 * Node's own modules without the face that they show to an ES module: `import` reads every name of
 * one, and behind some of them stand others (`node:util` has argument parsers, `node:process` opens
 * stdout, `node:crypto` has WebCrypto). So a name is read where the bundle uses it, and no other. It
 * took 24 ms to import what a function needs, and 14 to ask for it.
 */
export const builtins: Plugin = {
  name: "builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z_]+(\/\w+)*$/ }, ({ path, kind }) => {
      if (kind !== "import-statement") return undefined;
      const name = path.replace(/^node:/, "");
      return builtinModules.includes(name) ? { path: name, namespace } : undefined;
    });
    onLoad({ filter: /./, namespace }, ({ path }) => ({ contents: readByName(path) }));
  },
};

const namespace = "builtin";

/** A module that esbuild can shake: what nobody imports is never read. */
function readByName(path: string): string {
  const names = Object.keys(Object(process.getBuiltinModule(path))).filter(
    (name) => name !== "default" && /^[\w$]+$/.test(name),
  );
  return [
    `const it = process.getBuiltinModule("node:${path}"), of = (name) => it[name];`,
    "export default it;",
    ...names.map((name) => `const $${name} = /* @__PURE__ */ of("${name}");`),
    `export { ${names.map((name) => `$${name} as ${name}`).join(", ")} };`,
  ].join("\n");
}
