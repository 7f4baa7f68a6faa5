import * as z from "zod";

/**
 * The version of the canonical form: what is read of an object, and how it is written down. It
 * rises with every change that would give an unchanged database another checksum; snapshots of
 * two versions are never compared.
 */
export const canonicalVersion = 1;

/** The separately hashed parts of an object. */
export const facetNames = [
  "structure",
  "inheritance",
  "validity",
  "privileges",
  "ownership",
  "comments",
  "physical",
  "naming",
  "columnOrder",
] as const;
export const facetNameSchema = z.enum(facetNames);
export type FacetName = z.infer<typeof facetNameSchema>;

/** Attributes of one facet. What is as usual is left out, so that it has no spelling to differ. */
const facetSchema = z.record(z.string(), z.json());
export type Facet = z.infer<typeof facetSchema>;

export const factSchema = z.object({
  kind: z.string(),
  /** As pg_identify_object() says it, quoted as PostgreSQL quotes. Unique within its kind. */
  identity: z.string(),
  schema: z.string().optional(),
  name: z.string(),
  table: z.string().optional(),
  /** Keys of the objects it is a part of: it comes and goes with them. */
  partOf: z.array(z.string()).optional(),
  /** Keys of the objects that it takes its properties from: a partition's index its parent's. */
  follows: z.array(z.string()).optional(),
  facets: z.partialRecord(facetNameSchema, facetSchema),
});

/** One object of a schema: no OID, no attribute number, nothing that depends on the reader. */
export type Fact = z.infer<typeof factSchema>;

/** What it is, without what is so of it. */
export type About = Omit<Fact, "facets">;

export const keyOf = ({ kind, identity }: Pick<Fact, "kind" | "identity">): string =>
  `${kind} ${identity}`;

/** By UTF-16 code units: the same order on every machine and under every collation. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * By schema, then by the table or other object that it stands under: the order of a snapshot's
 * objects, and of its hash tree. So a snapshot is read, hashed and written a few objects at a time,
 * however many there are.
 */
export const byPlace = (a: About, b: About): number =>
  byText(a.schema ?? "", b.schema ?? "") ||
  byText(a.table ?? a.name, b.table ?? b.name) ||
  byText(a.kind, b.kind) ||
  byText(a.identity, b.identity);

/** By schema, kind, identity: as people look for them. */
export const byName = (a: Named, b: Named): number =>
  byText(a.schema ?? "", b.schema ?? "") ||
  byText(a.kind, b.kind) ||
  byText(a.identity, b.identity);

interface Named {
  readonly schema?: string | undefined;
  readonly kind: string;
  readonly identity: string;
}
