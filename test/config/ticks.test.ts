import { expect, test } from "vitest";
import { known } from "../../lib/cli/known.ts";
import { parseConfig } from "../../lib/config/load.ts";
import { withTicks } from "../../lib/config/ticks.ts";

const configOf = (profiles?: object) =>
  parseConfig(
    JSON.stringify({
      schemaVersion: 1,
      environments: { production: { targets: { orders: { url: "postgres://vigil@db/orders" } } } },
      ...(profiles === undefined ? {} : { profiles }),
    }),
    "pgvigil.config.yaml",
    known,
  );

test("A deployment has every rhythm, whether its configuration says one or not", () => {
  expect(withTicks(configOf()).profiles).toMatchObject({
    pulse: { every: 300 },
    hourly: { cron: "7 * * * *" },
    nightly: { cron: "0 3 * * *" },
  });
});

test("What the configuration says stays: another rhythm, checks that it adds, the watch", () => {
  const said = { pulse: { every: "1min" }, nightly: { add: ["locks/*"] }, watch: { for: "24h" } };
  const { profiles } = withTicks(configOf(said));
  expect(profiles?.pulse).toMatchObject({ every: 60 });
  expect(profiles?.nightly).toMatchObject({ cron: "0 3 * * *", add: ["locks/*"] });
  expect(profiles?.watch).toMatchObject({ for: 86_400 });
});
