import { printable } from "../core/printable.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

const entitled = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/**
 * Text of an element; its line breaks stay. XML 1.0 has no way to write most control characters,
 * not even as references: they are said as `\u{1b}`.
 */
export const xmlText = (text: string): string =>
  text
    .split("\n")
    .map((line) => entitled(printable(line)))
    .join("\n");

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** `<name a="b">…</name>`; children are XML already. */
export function element(
  name: string,
  attributes: Attributes,
  children: readonly string[] = [],
): string {
  const head = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${entitled(printable(String(value)))}"`)
    .join("");
  return children.length === 0
    ? `<${name}${head}/>`
    : `<${name}${head}>${children.join("")}</${name}>`;
}
