import type { AttributeChange } from "../diff.ts";
import type { Fact } from "../fact.ts";
import type { Maker } from "./made.ts";

/**
 * ICU's older names of collation attributes and their values, as a language tag has them:
 * https://unicode-org.github.io/icu/userguide/collation/api.html and UTS 35, table of -u- keys.
 */
const keys: Readonly<Record<string, string>> = {
  colalternate: "ka",
  colbackwards: "kb",
  colcasefirst: "kf",
  colcaselevel: "kc",
  collation: "co",
  colnormalization: "kk",
  colnumeric: "kn",
  colreorder: "kr",
  colstrength: "ks",
};
const values: Readonly<Record<string, string>> = {
  primary: "level1",
  secondary: "level2",
  tertiary: "level3",
  quaternary: "level4",
  identical: "identic",
  "non-ignorable": "noignore",
  yes: "true",
  no: "false",
  phonebook: "phonebk",
  dictionary: "dict",
  traditional: "trad",
};

/**
 * `de_DE@colStrength=secondary` as `de-DE-u-ks-level2`. What is no locale that ICU could know stays
 * as it is.
 */
export function languageTag(locale: string): string {
  const [name = "", ...rest] = locale.split("@");
  const words = rest
    .join("@")
    .split(";")
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase().split("="))
    .map(([key = "", value = ""]) => `${keys[key] ?? key}-${values[value] ?? value}`);
  const language = name === "" || name.toLowerCase() === "root" ? "und" : name.replaceAll("_", "-");
  const tag = words.length === 0 ? language : `${language}-u-${words.sort().join("-")}`;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? locale;
  } catch {
    return locale;
  }
}

/** Up to 15 an ICU locale is kept as it was written, from 16 on as a language tag. */
export function isSameLocale(
  { kind }: Fact,
  { attribute, before, after }: AttributeChange,
  old: Maker,
  now: Maker,
): boolean {
  if (kind !== "collation" || attribute !== "locale") return false;
  if (old.major < 16 === now.major < 16) return false;
  return languageTag(String(before ?? "")) === languageTag(String(after ?? ""));
}
