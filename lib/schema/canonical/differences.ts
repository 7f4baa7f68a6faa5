import { type AttributeChange, type Compared, type Difference, diff } from "../diff.ts";
import { byPlace, type Fact } from "../fact.ts";
import { canonicalJson } from "../hash.ts";
import type { SnapshotHead } from "../snapshot.ts";
import { eachFact, unlikeSegments } from "../unlike.ts";
import { isSameLocale } from "./icu-locale.ts";
import { asMade, asUpTo13, type Maker, superuserIn } from "./made.ts";
import { loadParser, type Parser } from "./parser.ts";
import { type Alike, type Sameness, sayAlike } from "./sameness.ts";
import { shapeOf } from "./shape.ts";
import { frameOf, isNaming } from "./texts.ts";
import { quoteName, quoteNewWords, renamed } from "./words.ts";

/** A side of a comparison, and the server that printed it. */
export interface PrintedSide extends Compared {
  readonly server: Pick<SnapshotHead["server"], "versionNum">;
}

export interface Differences {
  readonly differences: readonly Difference[];
  /** Attributes of which the two values mean the same: no difference, but counted. */
  readonly alike: Alike;
}

/**
 * What is different, apart from how it is printed. A view is printed with its table's name before
 * each column up to 15, and a check over varchar otherwise once it was dumped and restored: such
 * texts are compared by what PostgreSQL's own parser makes of them. It is loaded only where two of
 * them are not equal.
 */
export async function differencesBetween(
  before: PrintedSide,
  after: PrintedSide,
  load: () => Promise<Parser | undefined> = loadParser,
): Promise<Differences> {
  const isAcross = majorOf(before) !== majorOf(after);
  const [old, now] = [makerOf(before, isAcross), makerOf(after, isAcross)];
  const unlike = unlikeSegments(before, after);
  const [a, b] = isAcross ? [underNewNames(unlike[0]), underNewNames(unlike[1])] : unlike;
  let needsParser = false;
  const first = settle(a, b, (fact, change) => {
    needsParser ||= frameOf(fact, change) !== undefined && areTexts(change);
    return isOfMajor(fact, change, old, now);
  });
  if (!needsParser) return first;
  const parser = await load();
  if (parser !== undefined) {
    const isSame = (fact: Fact, change: AttributeChange): boolean =>
      saySame(parser, fact, change, old, now);
    return settle(
      a,
      b,
      (fact, change) =>
        isOfMajor(fact, change, old, now) ?? (isSame(fact, change) ? "definition" : undefined),
    );
  }
  // One server prints a definition in one way: two texts are two. Of two servers nobody can say.
  if (!isAcross) return first;
  return settle(a, b, (fact, change) => {
    const isUnclear = frameOf(fact, change) !== undefined && areTexts(change);
    return isOfMajor(fact, change, old, now) ?? (isUnclear ? "unparsed" : undefined);
  });
}

const makerOf = (side: PrintedSide, isAcross: boolean): Maker => ({
  major: majorOf(side),
  superuser: isAcross ? superuserIn(eachFact(side)) : undefined,
});

const majorOf = ({ server }: PrintedSide): number => Math.floor(server.versionNum / 10_000);

function underNewNames(side: Compared): Compared {
  const facts = renamed(side.facts);
  if (facts === side.facts) return side;
  return {
    facts: facts.toSorted(byPlace),
    unread: side.unread.map((each) => ({ ...each, identity: quoteName(each.identity) })),
  };
}

/** For the scope: what is not equal, and means the same. */
export const sayPrinted = (alike: Alike, before: PrintedSide, after: PrintedSide) =>
  sayAlike(alike, majorOf(before), majorOf(after));

function settle(
  before: Compared,
  after: Compared,
  sameness: (fact: Fact, change: AttributeChange) => Sameness | undefined,
): Differences {
  const alike: Alike = {};
  const differences = diff(before, after, (fact, change) => {
    const why = sameness(fact, change);
    if (why !== undefined) alike[why] = (alike[why] ?? 0) + 1;
    return why !== undefined;
  });
  return { differences, alike };
}

const areTexts = ({ before, after }: AttributeChange): boolean =>
  typeof before === "string" && typeof after === "string";

/** Is it each server's own way: what initdb makes, or a keyword's quotes? */
function isOfMajor(
  fact: Fact,
  change: AttributeChange,
  old: Maker,
  now: Maker,
): Sameness | undefined {
  if (old.major === now.major) return undefined;
  if (isSameLocale(fact, change, old, now)) return "locale";
  const made = asMade(fact, change, old, now);
  if (made !== undefined || !isNaming(change)) return made;
  const [before, after] = [quoted(change.before), quoted(change.after)];
  return canonicalJson(before) === canonicalJson(after) ? "name" : undefined;
}

const quoted = (value: AttributeChange["before"]): AttributeChange["before"] =>
  typeof value === "string"
    ? quoteName(asUpTo13(value))
    : Array.isArray(value)
      ? value.map(quoted)
      : value;

function saySame(
  parse: Parser,
  fact: Fact,
  change: AttributeChange,
  old: Maker,
  now: Maker,
): boolean {
  const frame = frameOf(fact, change);
  const { before, after } = change;
  if (frame === undefined || typeof before !== "string" || typeof after !== "string") return false;
  const isAcross14 = old.major < 14 !== now.major < 14;
  const hidden = isAcross14 ? "in SQL's own syntax" : "none";
  const [a, b] = [
    shapeOf(parse(frame(quoteNewWords(before, old.major))), hidden),
    shapeOf(parse(frame(quoteNewWords(after, now.major))), hidden),
  ];
  return a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
