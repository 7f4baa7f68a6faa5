import { types } from "pg";

const int8 = 20;
const timestamptz = 1184;
const timestamp = 1114;
const date = 1082;

const asNumber = (text: string): number | string => {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
};
const asIs = (text: string): string => text;

/**
 * Values as `Session` promises them. A JavaScript Date drops the microseconds that a guarded
 * terminate compares, so that times stay text.
 */
export const valueTypes = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === int8) return asNumber;
    if (oid === timestamptz || oid === timestamp || oid === date) return asIs;
    return format === "binary"
      ? types.getTypeParser(oid, "binary")
      : types.getTypeParser(oid, "text");
  },
};
