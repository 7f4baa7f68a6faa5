import type { Sample } from "../core/alert.ts";

const mostSamples = 48;

/**
 * One more value. Where there are too many, every other one of the older half goes; the highest and
 * the lowest stay, because they are what people ask for.
 */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const all = [...samples, sample];
  if (all.length <= mostSamples) return all;
  const values = all.map(({ value }) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const half = all.length / 2;
  const kept = all.filter(
    ({ value }, i) => i >= half || i % 2 === 0 || value === lowest || value === highest,
  );
  return kept.length < all.length ? kept : all.slice(1);
}
