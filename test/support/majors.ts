/**
 * Which PostgreSQL the suite runs on: `13,16`, `all` that are installed, or, unsaid, the oldest
 * and the newest of them.
 */
export function wantedMajors(
  wanted: string | undefined,
  installed: readonly number[],
): readonly number[] {
  if (wanted === "all") return installed;
  if (!wanted)
    return [...new Set([installed.at(0), installed.at(-1)])].filter((m) => m !== undefined);
  const majors = wanted.split(",").map((word) => Number(word.trim()));
  const missing = majors.filter((major) => !installed.includes(major));
  if (missing.length === 0) return majors;
  throw new Error(
    `PGVIGIL_POSTGRES asks for ${missing.join(", ")}, but installed are ${installed.join(", ")}.` +
      " `npm run suite:all-versions` installs them all.",
  );
}
