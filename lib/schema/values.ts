import * as z from "zod";

// Several kinds travel in one statement, so that every value is a text: what it was, these say.

export const text = z.string();
export const maybe = z.string().nullable();
export const flag = z.enum(["true", "false"]).transform((said) => said === "true");
export const whole = z
  .string()
  .regex(/^-?\d+$/)
  .transform(Number);

/** A JSON array of texts; NULL stays null. */
export const texts = z
  .string()
  .nullable()
  .transform((said): string[] | null =>
    said === null ? null : z.array(z.string()).parse(JSON.parse(said)),
  );
