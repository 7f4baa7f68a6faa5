/**
 * A text out of a tracker as one word of a shell. What has control characters could end the SQL
 * comment that it stands in, and is shown as `NAME`.
 */
export const shellWord = (text: string): string =>
  /^[\w.+:@%-]+$/.test(text)
    ? text
    : /\p{Cc}/u.test(text)
      ? "NAME"
      : `'${text.replaceAll("'", `'\\''`)}'`;
