/**
 * MB of each function, and of the two lanes of those who look at databases. Chosen by
 * `bench/lambda.ts`: where a run costs least and has room.
 */
export const memory = { dispatch: 256, notify: 256, digest: 512, pulse: 256, deep: 512 } as const;
