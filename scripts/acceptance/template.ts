import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { User } from "./user.ts";

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const templateSchema = z.looseObject({ Resources: z.record(z.string(), resourceSchema) });

export type Resource = z.infer<typeof resourceSchema>;

/** What the stack would be made of: `cdk synth`, read back. */
export class Template {
  readonly #resources: Readonly<Record<string, Resource>>;

  constructor(resources: Readonly<Record<string, Resource>>) {
    this.#resources = resources;
  }

  static async of(user: User): Promise<Template> {
    await user.cdk("synth", "--quiet", "-c", "pgvigil:bundle=false");
    const file = join(user.folder, "cdk.out", "Pgvigil.template.json");
    return new Template(templateSchema.parse(JSON.parse(await readFile(file, "utf8"))).Resources);
  }

  ofType(type: string): readonly (readonly [string, Resource])[] {
    return Object.entries(this.#resources).filter(([, { Type }]) => Type === type);
  }

  /** The only one whose id has these words in it. */
  only(type: string, words: string): readonly [string, Resource] {
    const found = this.ofType(type).filter(([id]) => id.includes(words));
    const [first] = found;
    if (first === undefined || found.length > 1)
      throw new Error(`${found.length} ${type} ${words}`);
    return first;
  }
}

/** What a resource is called where it was made. */
export interface Made {
  readonly ref: string;
  readonly arn: string;
}

/** A value with its references filled in. @throws Error for what was not made */
export function resolved(value: unknown, made: ReadonlyMap<string, Made>): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, made));
  if (typeof value !== "object" || value === null) return value;
  const { Ref, "Fn::GetAtt": attribute, "Fn::Join": joined } = Object(value);
  const of = (id: string): Made => {
    const there = made.get(id);
    if (there === undefined) throw new Error(`${id} was not made`);
    return there;
  };
  if (typeof Ref === "string") return of(Ref).ref;
  if (Array.isArray(attribute)) return of(String(attribute[0])).arn;
  if (Array.isArray(joined)) {
    const [between, parts] = joined;
    return parts.map((part: unknown) => resolved(part, made)).join(between);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, resolved(each, made)]),
  );
}
