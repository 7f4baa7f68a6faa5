/** `20261120T030000Z`: a time as the names of runs and watches begin with it, and sort by it. */
export const stampOf = (at: Date): string => at.toISOString().replace(/[-:]|\.\d+/g, "");

/** ISO 8601 in UTC, of a stamp. */
export const timeOf = (stamp: string): string =>
  stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6.000Z");
