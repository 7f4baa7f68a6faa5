import { sayFlags, sayTarget, type Target } from "../../core/target.ts";

/** What a renderer of alerts is told beside the bulletin. */
export interface AlertSettings {
  /**
   * The flags that reach a target again, as its user typed them: `--target production/orders`.
   * They are pasted into a shell: whoever makes them quotes them.
   */
  readonly flags?: ((target: Target) => string) | undefined;
  /** The flags that find the configuration and the store: `--store runs`. */
  readonly places?: string | undefined;
  /** The page of a check. */
  readonly docsUrl?: ((check: string) => string) | undefined;
  /** An IANA name: the first time in a mail is said as its clocks show it, too. */
  readonly timezone?: string | undefined;
  /** Where the alarm-shaped pages say that they come from. */
  readonly aws?: { readonly account: string; readonly region: string } | undefined;
}

/** An ad-hoc database has no name that a configuration knows: only its URL reaches it. */
export const flagsOf = (target: Target, { flags, places }: AlertSettings): string => {
  if (flags !== undefined) return flags(target);
  const url = target.environment === "adhoc" ? '--url "$DATABASE_URL"' : undefined;
  return sayFlags(sayTarget(target), { url, places });
};
