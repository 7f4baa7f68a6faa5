import * as z from "zod";

/** A profile is a named set of checks with a rhythm. */
export const profileNames = ["pulse", "hourly", "nightly", "watch"] as const;
export const profileSchema = z.enum(profileNames);
export type ProfileName = z.infer<typeof profileSchema>;
