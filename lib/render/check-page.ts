import * as z from "zod";
import type { Check, Example } from "../core/check.ts";

/** One page a check: what it finds, why, its options, its examples. Markdown that reads as text. */
export function checkPage(check: Check): string {
  const { id, title, failureTitle, why, source, profiles, examples } = check;
  return `${[
    `# ${id}`,
    `**${failureTitle}.** ${why}`,
    [
      `- Passes when: ${title}`,
      `- Profiles: ${profiles.join(", ")}`,
      `- Needs: ${needsOf(check)}`,
      `- Source: ${source}`,
    ].join("\n"),
    `## Options\n\n${optionsTable(check)}`,
    ...(examples.length === 0 ? [] : [`## Examples\n\n${examples.map(exampleLine).join("\n")}`]),
  ].join("\n\n")}\n`;
}

function needsOf({ needs }: Check): string {
  const words = [
    needs?.minVersion === undefined ? "" : `PostgreSQL ${needs.minVersion / 10_000} or newer`,
    needs?.on === undefined ? "" : `a ${needs.on}`,
    needs?.extension === undefined ? "" : `the extension ${needs.extension}`,
    needs?.store === true ? "a store (`--store DIR`)" : "",
    needs?.privilege ?? "",
  ].filter(Boolean);
  return words.length === 0 ? "nothing beyond a connection" : words.join(", ");
}

const optionSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.json().optional(),
  description: z.string().optional(),
});
const optionsSchema = z.looseObject({
  properties: z.record(z.string(), optionSchema).default({}),
});

function optionsTable(check: Check): string {
  const { properties } = optionsSchema.parse(z.toJSONSchema(check.options, { io: "input" }));
  const rows = Object.entries(properties).map(([name, option]) => {
    const presets = Object.entries(check.presets ?? {})
      .filter(([, preset]) => preset[name] !== undefined)
      .map(([profile, preset]) => `\`${JSON.stringify(preset[name])}\` in ${profile}`);
    const values = [`\`${JSON.stringify(option.default)}\``, ...presets].join(", ");
    const words = option.description ?? option.enum?.join(", ") ?? "";
    return `| \`${name}\` | ${values} | ${words.replaceAll("|", "\\|")} |`;
  });
  const all = ["| `enabled` | `true` | |", ...rows];
  return ["| option | default | meaning |", "|---|---|---|", ...all].join("\n");
}

function exampleLine({ name, finds, blind }: Example<unknown, unknown>): string {
  const verdicts = [
    ...finds.map((line) => `\`${line}\``),
    ...(blind ? [`not seen: ${blind}`] : []),
  ];
  return `- ${name}: ${verdicts.length === 0 ? "passes" : verdicts.join(", ")}`;
}
