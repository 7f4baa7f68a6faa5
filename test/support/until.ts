import { setTimeout as sleep } from "node:timers/promises";

export interface UntilOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly interval?: number;
}

/** Asks again until the answer is truthy, and returns it. An error is an answer: not yet. */
export async function until<T>(
  ask: () => T | Promise<T>,
  { timeout = 10_000, interval = 20 }: UntilOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    let why: unknown;
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      why = error;
    }
    if (Date.now() >= deadline) {
      throw new Error(`After ${timeout} ms still not so: ${ask.toString()}`, { cause: why });
    }
    await sleep(interval);
  }
}
