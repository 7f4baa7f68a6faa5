import { type About, type FacetName, type Fact, facetNames } from "./fact.ts";
import { canonicalJson } from "./hash.ts";

/** A fact as texts: what is written of it, and what is hashed. */
export interface Written {
  /** JSON, of one line. */
  readonly line: string;
  /** Its name and all its facets. */
  readonly hashed: string;
  /** Its name under each facet that it has. */
  readonly facets: readonly (readonly [FacetName, string])[];
}

/** Equal facts give one text: names in a fixed order, attributes in code unit order. */
export function write(fact: Fact): Written {
  const { facets } = fact;
  const key = `[${quoted(fact.kind)},${quoted(fact.identity)}]`;
  const said: [FacetName, string][] = [];
  let all = "";
  for (const name of facetNames) {
    const facet = facets[name];
    if (facet === undefined) continue;
    const text = canonicalJson(facet);
    all += `${all === "" ? "" : ","}"${name}":${text}`;
    said.push([name, `${key}${text}\n`]);
  }
  return {
    line: `${aboutText(fact)},"facets":{${all}}}`,
    hashed: `${key}{${all}}\n`,
    facets: said,
  };
}

/** As JSON.stringify() has it, which takes three times as long for a short text. */
const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));

/** No quote, no backslash, no control character, no half of a surrogate pair. */
const plain = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/** As JSON of what it is, without the brace at its end. */
function aboutText({ kind, identity, schema, name, table, partOf, follows }: About): string {
  let text = `{"kind":${quoted(kind)},"identity":${quoted(identity)}`;
  if (schema !== undefined) text += `,"schema":${quoted(schema)}`;
  text += `,"name":${quoted(name)}`;
  if (table !== undefined) text += `,"table":${quoted(table)}`;
  if (partOf !== undefined) text += `,"partOf":[${partOf.map(quoted).join(",")}]`;
  if (follows !== undefined) text += `,"follows":[${follows.map(quoted).join(",")}]`;
  return text;
}

/** An object that was written: what it is, and its texts. */
export interface KeptObject {
  readonly about: About;
  readonly written: Written;
}

/** The same texts, of the line alone: its facets are cut apart, and not unpacked. */
export function readLine(line: string): KeptObject {
  const end = line.indexOf(beforeFacets);
  const about: About = JSON.parse(`${line.slice(0, end)}}`);
  const all = line.slice(end + beforeFacets.length, -2);
  const key = JSON.stringify([about.kind, about.identity]);
  const facets = [...facetsIn(all)].map(([name, text]) => [name, `${key}${text}\n`] as const);
  return { about, written: { line, hashed: `${key}{${all}}\n`, facets } };
}

/** A quote within a string has a backslash before it: so this is found nowhere else. */
const beforeFacets = ',"facets":{';

function* facetsIn(all: string): Generator<readonly [FacetName, string]> {
  for (let start = 0; start < all.length; ) {
    const name = facetNames.find((each) => all.startsWith(`"${each}":`, start));
    if (name === undefined) throw new Error(`no facet begins at ${start} of ${all}`);
    const open = start + name.length + 3;
    const end = endOfObject(all, open);
    yield [name, all.slice(open, end)];
    start = end + 1;
  }
}

function endOfObject(text: string, open: number): number {
  let depth = 0;
  for (let place = open; place < text.length; place += 1) {
    const char = text[place];
    if (char === '"') place = endOfString(text, place);
    else if (char === "{") depth += 1;
    else if (char === "}") depth -= 1;
    if (depth === 0) return place + 1;
  }
  return text.length;
}

function endOfString(text: string, open: number): number {
  for (let end = text.indexOf('"', open + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
