import { expect, test } from "vitest";
import { until } from "./until.ts";

test("until returns the first truthy answer", async () => {
  let asked = 0;
  expect(await until(() => ++asked === 3 && "now", { interval: 1 })).toBe("now");
  expect(asked).toBe(3);
});

test("until takes an error for not yet, and says at last what it waited for", async () => {
  const ask = () => {
    throw new Error("refused");
  };
  await expect(until(ask, { timeout: 5, interval: 1 })).rejects.toMatchObject({
    message: expect.stringContaining("After 5 ms still not so"),
    cause: new Error("refused"),
  });
});
