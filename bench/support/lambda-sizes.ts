import { prices } from "../../scripts/generate/cost/prices.ts";

/** MB that are worth a thought. */
export const sizes = [128, 192, 256, 384, 512, 768, 1024] as const;

/** Lambda gives a whole processor at 1,769 MB, and a share of it below. */
const wholeProcessor = 1769;

/** What an invocation takes, of one function and one profile. */
export interface Piece {
  readonly name: string;
  /** Milliseconds of a processor: where a process stays from pulse to pulse, of its 5th pulse on. */
  readonly cpuMs: number;
  /** What it takes beyond that where its process was just started: loading, and what is not compiled. */
  readonly startMs: number;
  /** Milliseconds that it waits for others, whatever its size. */
  readonly waitMs: number;
  readonly logBytes: number;
  readonly peakMb: number;
}

/** Milliseconds at a size. */
export const durationOf = (
  { cpuMs, waitMs }: Pick<Piece, "cpuMs" | "waitMs">,
  megabytes: number,
): number => waitMs + cpuMs / Math.min(1, megabytes / wholeProcessor);

/** Dollars for a million invocations at a size: what waits costs by the size, what works does not. */
export const costOf = (piece: Piece, megabytes: number): number =>
  (megabytes / 1024) *
  (durationOf(piece, megabytes) / 1000) *
  prices["eu-central-1"].gbSecond *
  1e6;

/** A quarter beyond the peak, for runs that find much. */
export const fits = ({ peakMb }: Piece, megabytes: number): boolean => peakMb * 1.25 <= megabytes;
