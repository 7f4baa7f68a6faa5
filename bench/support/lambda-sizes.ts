/** MB that are worth a thought. */
export const sizes = [128, 192, 256, 384, 512, 768, 1024] as const;

/** Lambda gives a whole processor at 1,769 MB, and a share of it below. */
const wholeProcessor = 1769;

/** Dollars for a GB and a second, on Arm. */
const gbSecond = 0.0000133334;

interface Piece {
  readonly cpuMs: number;
  /** Milliseconds that it waits for others, whatever its size. */
  readonly waitMs: number;
  readonly peakMb: number;
}

/** Milliseconds at a size. */
export const durationOf = (
  { cpuMs, waitMs }: Pick<Piece, "cpuMs" | "waitMs">,
  megabytes: number,
): number => waitMs + cpuMs / Math.min(1, megabytes / wholeProcessor);

/** Dollars for a million invocations at a size: what waits costs by the size, what works does not. */
export const costOf = (piece: Piece, megabytes: number): number =>
  (megabytes / 1024) * (durationOf(piece, megabytes) / 1000) * gbSecond * 1e6;

/** A quarter beyond the peak, for runs that find much. */
export const fits = ({ peakMb }: Piece, megabytes: number): boolean => peakMb * 1.25 <= megabytes;
