import { expect, test } from "vitest";
import { privilegesOf } from "../../lib/schema/privileges.ts";

const usual15 = ["anna=arwdDxt/anna"];
const usual17 = ["anna=arwdDxtm/anna"];

test("what PostgreSQL gives by itself is not told, said or unsaid", () => {
  expect(privilegesOf(null, null, "anna")).toBeUndefined();
  expect(privilegesOf(["anna=arwdDxt/anna"], usual15, "anna")).toBeUndefined();
});

test("GRANT ALL is the same words before and after MAINTAIN was invented", () => {
  const on15 = privilegesOf(["anna=arwdDxt/anna", "app=arwdDxt/anna"], usual15, "anna");
  const on17 = privilegesOf(["anna=arwdDxtm/anna", "app=arwdDxtm/anna"], usual17, "anna");
  expect(on15).toEqual({ app: ["ALL"] });
  expect(on17).toEqual(on15);
});

test("on 17 a role that lacks MAINTAIN alone lacks something", () => {
  expect(
    privilegesOf(["anna=arwdDxtm/anna", "app=arwdDxt/anna"], usual17, "anna")?.app,
  ).toHaveLength(7);
});

test("grants are in order, with their options, odd names and other grantors", () => {
  expect(
    privilegesOf(
      ["anna=arwdDxt/anna", "=r/anna", '"o""dd=x"=r*a/anna', "app=r/boss"],
      usual15,
      "anna",
    ),
  ).toEqual({
    PUBLIC: ["SELECT"],
    "app by boss": ["SELECT"],
    'o"dd=x': ["INSERT", "SELECT WITH GRANT OPTION"],
  });
});

test("an owner without privileges is told", () => {
  expect(privilegesOf([], usual15, "anna")).toEqual({ "(owner)": ["NONE"] });
});

test("what PUBLIC has by itself and was taken away is told of PUBLIC alone", () => {
  expect(privilegesOf(["anna=X/anna"], ["anna=X/anna", "=X/anna"], "anna")).toEqual({
    PUBLIC: ["NONE"],
  });
});
