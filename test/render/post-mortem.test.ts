import { expect, test } from "vitest";
import { type IncidentStory, postMortem } from "../../lib/render/post-mortem.ts";

const at = "2026-11-20T03:12:00.000Z";
const summary = "3 sessions blocked 25 s on public.payments, behind billing";
const story: IncidentStory = {
  ...{ fingerprint: "7f3a91c2d04be518", target: "production/orders", state: "open", openedAt: at },
  ...{ check: "locks/blocking-chain", title: "Sessions wait.", why: "They stand still." },
  peak: { severity: "critical", at, summary },
  finding: {
    ...{ fingerprint: "7f3a91c2d04be518", severity: "critical", summary, evidence: {} },
    object: { kind: "session", identity: "billing" },
    remedy: {
      summary: "Ask its owner.",
      sql: "SELECT 1;",
      otherwise: { summary: "End the session: uncommitted work is lost.", sql: "SELECT 2;" },
    },
  },
  ...{ samples: [], consequences: [], timeline: [], changes: [] },
};

test("a post-mortem says of the harsher way what it costs, before its SQL", () => {
  expect(postMortem(story)).toContain(
    "SELECT 1;\n```\n\nElse: End the session: uncommitted work is lost.\n\n```sql\nSELECT 2;\n```",
  );
});
