/** A story, told step by step on the terminal: each has a sentence, and seconds. */
export async function step<T>(says: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`.padStart(8);
  try {
    const result = await work();
    console.log(`ok     ${seconds()}  ${says}`);
    return result;
  } catch (error) {
    console.log(`FAILED ${seconds()}  ${says}`);
    throw error;
  }
}

/** A part that does not hold, in words of the one who expected it. */
export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** Asks again every second until there is an answer. @throws Error after so many seconds */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
