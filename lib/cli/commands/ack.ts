import { UsageError } from "../../core/errors.ts";
import { exitCodes } from "../../core/exit-code.ts";
import { printable } from "../../core/printable.ts";
import { sayTarget } from "../../core/target.ts";
import { duration, sayTime } from "../../core/units.ts";
import { acknowledge, isQuietened, unacknowledge } from "../../incidents/accept.ts";
import type { IncidentDocument } from "../../incidents/document.ts";
import { changeIncidents } from "../../incidents/stored.ts";
import type { Command, Words } from "../command.ts";
import { incidentFlags } from "../flags.ts";
import { documentsOf, meantBy } from "../incidents/find.ts";
import { incidentFleetOf } from "../incidents/fleet.ts";
import { needed } from "../incidents/notify-run.ts";
import { type Io, print } from "../io.ts";
import { byWhom } from "../store.ts";

const fingerprint = {
  name: "FINGERPRINT",
  summary: "Of the incident, as the alert shows it; six digits or more",
};

const by = {
  type: "text",
  value: "NAME",
  summary: "Who it is; your ARN or git's e-mail otherwise",
} as const;

export const ack: Command = {
  name: "ack",
  summary: "Silence an incident for a while: you are at it",
  description:
    "It is told again when the time is over, and before that if it worsens. Its end is told.",
  positionals: [fingerprint],
  flags: {
    ...incidentFlags,
    for: { type: "text", value: "DURATION", summary: "How long: 2h, 30min, 3d" },
    why: { type: "text", value: "TEXT", summary: "The reason; kept with the incident" },
    by,
  },
  examples: ['pgvigil ack 7f3a91c2 --for 2h --why "Ada ends the session"'],
  async run(words, io) {
    const why = needed(words, "why", '--why "Ada ends the session"');
    const seconds = duration.safeParse(needed(words, "for", "--for 2h")).data;
    if (seconds === undefined || seconds <= 0) {
      throw new UsageError(`--for ${words.text("for")}: not a duration`, "--for 2h, --for 30min");
    }
    const until = new Date(io.clock().getTime() + seconds * 1000).toISOString();
    const at = io.clock().toISOString();
    return change(words, io, {
      done: () => `acknowledged until ${sayTime(until)}`,
      to: (now, meant, by) => acknowledge(now, meant, { by, why, at, until }),
    });
  },
};

export const unack: Command = {
  name: "unack",
  summary: "End the silence of an incident, be it acknowledged or adopted",
  positionals: [fingerprint],
  flags: { ...incidentFlags, by },
  examples: ["pgvigil unack 7f3a91c2"],
  async run(words, io) {
    const at = io.clock().toISOString();
    return change(words, io, {
      done: (was, meant) =>
        isQuietened(was, meant)
          ? "told again from now on"
          : "nobody had acknowledged or adopted it; nothing changed",
      to: (now, meant, by) => unacknowledge(now, meant, { by, at }),
    });
  },
};

interface Change {
  /** What to say of it, by how it was before. */
  readonly done: (was: IncidentDocument, fingerprint: string) => string;
  readonly to: (now: IncidentDocument, fingerprint: string, by: string) => IncidentDocument;
}

async function change(words: Words, io: Io, { done, to }: Change): Promise<number> {
  const [word = ""] = words.positionals;
  const { store, targets } = await incidentFleetOf(words, io);
  const meant = meantBy(word, await documentsOf(store, targets), "open");
  const by = await byWhom(words, io, store);
  for (const target of meant.targets) {
    let said = "";
    const next = await changeIncidents(store, target, (now) => {
      if (now === undefined) return now;
      said = done(now, meant.fingerprint);
      return to(now, meant.fingerprint, by);
    });
    print(io, printable(`${sayTarget(target)}: ${saying(next, meant.fingerprint)}: ${said}`));
  }
  return exitCodes.healthy;
}

const saying = (document: IncidentDocument | undefined, fingerprint: string): string => {
  const blind = Object.values(document?.unknown ?? {}).find(
    (one) => one.fingerprint === fingerprint,
  );
  const { finding } = document?.incidents[fingerprint] ?? {};
  return `${fingerprint.slice(0, 8)} ${finding?.summary ?? `${blind?.check} cannot say`}`;
};
