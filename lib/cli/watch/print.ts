import type { Watch } from "../../core/watch.ts";
import { watchMarkdown } from "../../render/watch-markdown.ts";
import { type WatchContext, watchText } from "../../render/watch-text.ts";
import { pictureOf } from "../../watch/picture.ts";
import { type Io, wantsColour } from "../io.ts";

export const watchFormats = ["text", "json", "markdown"] as const;
export type WatchFormat = (typeof watchFormats)[number];

/** A watch as it stands now, in one of its formats. */
export function printed(watch: Watch, format: WatchFormat, io: Io): string {
  const picture = pictureOf(watch, io.clock());
  if (format === "markdown") return watchMarkdown(picture);
  if (format === "text") return watchText(picture, contextOf(io));
  const standing = watch.closing === undefined ? { standing: picture.closing } : {};
  return JSON.stringify({ ...watch, ...standing }, undefined, 2);
}

export const contextOf = (io: Io): WatchContext => ({
  colour: wantsColour(io, "stdout"),
  ascii: wantsAscii(io),
  width: io.columns,
});

/** Where the locale says that it is not UTF-8, a terminal shows blocks as rubbish. */
function wantsAscii({ env }: Io): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return env.TERM === "linux" || (locale !== "" && !/utf-?8/i.test(locale));
}
