import type { Sequence } from "../../reads/sequences.ts";

/** How far a sequence has come on its way through what it and its columns can hold. */
export interface Room {
  /** A fraction of one; more where the column's end is behind already. */
  readonly used: number;
  /** How many more numbers it can give. */
  readonly left: bigint;
  readonly end: bigint;
  /** The narrowest column, where it ends no later than the sequence does. */
  readonly column: Sequence["columns"][number] | undefined;
}

/** Nothing for a sequence that begins anew before anything is full. 64-bit numbers throughout. */
export function roomOf(sequence: Sequence): Room | undefined {
  const { increment, cycles, isCalled, lastValue, start, columns } = sequence;
  const step = BigInt(increment);
  const [narrowest] = columns;
  const own = { low: BigInt(sequence.min), high: BigInt(sequence.max) };
  const held = narrowest === undefined ? own : rangeOf(narrowest.bytes);
  const low = own.low > held.low ? own.low : held.low;
  const high = own.high < held.high ? own.high : held.high;
  const beyond = step > 0n ? own.high - held.high : held.low - own.low;
  if (cycles && beyond <= 0n) return undefined;

  const at = BigInt(lastValue ?? start);
  const size = high - low + 1n;
  const given = (step > 0n ? at - low : high - at) + (isCalled ? 1n : 0n);
  const ahead = step > 0n ? high - at : at - low;
  const stride = step > 0n ? step : -step;
  return {
    used: size > 0n ? Number((given * million) / size) / Number(million) : 1,
    left: ahead < 0n ? 0n : ahead / stride + (isCalled ? 0n : 1n),
    end: step > 0n ? high : low,
    column: beyond >= 0n ? narrowest : undefined,
  };
}

const million = 1_000_000n;

const rangeOf = (bytes: number) => {
  const half = 2n ** BigInt(bytes * 8 - 1);
  return { low: -half, high: half - 1n };
};
