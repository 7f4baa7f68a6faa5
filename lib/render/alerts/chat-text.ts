import { printable } from "../../core/printable.ts";

const nothing = "\u200b";

/**
 * Prose in Slack's mrkdwn: nobody is called (`<!channel>`, `@here`, `<@U123>`), no link, no channel
 * and no emoji is made of a name, and nothing is set in bold by it. Slack knows no escape but three
 * entities, so that something invisible holds off the rest.
 * https://api.slack.com/reference/surfaces/formatting#escaping
 */
export const chatText = (text: string): string =>
  printable(text)
    .replace(/[&<>]/g, (sign) => entities[sign] ?? sign)
    .replace(/[@#]|:\/(?=\/)|:(?=[\w+-]+:)|\bwww(?=\.)/g, (sign) => `${sign}${nothing}`)
    .replace(/[*~`]|(?<!\w)_|_(?!\w)/g, (sign) => `${nothing}${sign}${nothing}`);

/** What is inside of code: a backtick was taken out of it by its alphabet. */
export const chatCodeText = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => entities[sign] ?? sign);

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

export const codeWord = (text: string): string =>
  `\`${chatCodeText(printable(text).replaceAll("`", "'"))}\``;

export const codeLines = (lines: readonly string[]): string =>
  ["```", ...lines.map(chatCodeText), "```"].join("\n");
