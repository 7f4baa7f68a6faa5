import { type About, type FacetName, type Fact, facetNames } from "./fact.ts";
import { JsonBytes } from "./json-bytes.ts";

/** An object as it was written, among others: its bytes are others' when those are written over. */
export interface Written {
  readonly bytes: Buffer;
  /** Its line, JSON, without the line's end. */
  readonly start: number;
  readonly end: number;
  /** Where its kind and its identity end, with which it begins. */
  readonly named: number;
  /** Where its facets begin, with which it ends. */
  readonly facets: number;
  readonly parts: readonly Part[];
}

/** One of its facets. */
interface Part {
  readonly facet: FacetName;
  readonly start: number;
  readonly end: number;
}

/**
 * Writes a line. Equal facts give equal bytes: names in a fixed order, attributes in code unit
 * order.
 */
export function write(fact: Fact, to: JsonBytes): Written {
  const start = to.used;
  to.add('{"kind":');
  to.text(fact.kind);
  to.add(',"identity":');
  to.text(fact.identity);
  const named = to.used;
  writeAbout(fact, to);
  to.add(',"facets":');
  const facets = to.used;
  const parts: Part[] = [];
  for (const facet of facetNames) {
    const said = fact.facets[facet];
    if (said === undefined) continue;
    to.add(parts.length === 0 ? '{"' : ',"');
    to.add(facet);
    to.add('":');
    const from = to.used;
    to.value(said);
    parts.push({ facet, start: from, end: to.used });
  }
  to.add(parts.length === 0 ? "{}}" : "}}");
  const end = to.used;
  to.add("\n");
  return { bytes: to.bytes, start, end, named, facets, parts };
}

/** What else is said of it than its kind and its identity. */
function writeAbout({ schema, name, table, partOf, follows }: About, to: JsonBytes): void {
  if (schema !== undefined) {
    to.add(',"schema":');
    to.text(schema);
  }
  to.add(',"name":');
  to.text(name);
  if (table !== undefined) {
    to.add(',"table":');
    to.text(table);
  }
  if (partOf !== undefined) {
    to.add(',"partOf":');
    to.list(partOf);
  }
  if (follows !== undefined) {
    to.add(',"follows":');
    to.list(follows);
  }
}

/** An object that was written: what it is, and its bytes. */
export interface KeptObject {
  readonly about: About;
  readonly written: Written;
}

/** Each of them, until the next one is asked for. */
export function* eachWritten(facts: Iterable<Fact>): Generator<KeptObject, undefined> {
  const lines = new JsonBytes();
  for (const fact of facts) {
    lines.clear();
    yield { about: fact, written: write(fact, lines) };
  }
}

/** The same of a line that was written once: its facets are found, and not unpacked. */
export function readLine(bytes: Buffer, start: number, end: number): KeptObject {
  const beforeFacets = bytes.indexOf(',"facets":{', start);
  if (beforeFacets < 0 || beforeFacets > end) throw new Error("no line of a snapshot");
  const about: About = JSON.parse(`${bytes.toString("utf8", start, beforeFacets)}}`);
  const identity = endOfString(bytes, start + '{"kind":'.length) + ',"identity":'.length;
  const facets = beforeFacets + ',"facets":'.length;
  const written = {
    ...{ bytes, start, end, facets },
    named: endOfString(bytes, identity),
    parts: [...partsIn(bytes, facets + 1, end - 2)],
  };
  return { about, written };
}

function* partsIn(bytes: Buffer, first: number, end: number): Generator<Part> {
  for (let at = first; at < end; ) {
    const close = endOfString(bytes, at);
    const said = bytes.toString("latin1", at + 1, close - 1);
    const facet = facetNames.find((name) => name === said);
    if (facet === undefined) throw new Error(`${said} is no facet`);
    const start = close + 1;
    const last = endOfObject(bytes, start);
    yield { facet, start, end: last };
    at = last + 1;
  }
}

const [quote, backslash, open, close] = [0x22, 0x5c, 0x7b, 0x7d];

function endOfObject(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfString(bytes, at) - 1;
    else if (byte === open) depth += 1;
    else if (byte === close) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return bytes.length;
}

/** @param start where its first quote is */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === backslash) at += 1;
    else if (bytes[at] === quote) return at + 1;
  }
  return bytes.length;
}
