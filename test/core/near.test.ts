import { expect, test } from "vitest";
import { didYouMean, distance, nearest } from "../../lib/core/near.ts";

test("insert, delete, replace and swap cost one each", () => {
  expect(distance("orders", "orders")).toBe(0);
  expect(distance("ordres", "orders")).toBe(1);
  expect(distance("order", "orders")).toBe(1);
  expect(distance("staging", "production")).toBeGreaterThan(5);
  expect(distance("", "abc")).toBe(3);
});

test("a slip of the finger and half a name are near, another word is not", () => {
  const names = ["passwordEnv", "iam", "secret", "indexes/invalid"];
  expect(nearest("pasword", names)).toBe(undefined);
  expect(nearest("password", names)).toBe("passwordEnv");
  expect(nearest("secert", names)).toBe("secret");
  expect(nearest("invalid", names)).toBe("indexes/invalid");
  expect(nearest("banana", names)).toBe(undefined);
  expect(didYouMean("ima", names)).toBe(': did you mean "iam"?');
  expect(didYouMean("banana", names)).toBe("");
});
