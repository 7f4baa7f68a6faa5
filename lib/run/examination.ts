import type { JudgeContext } from "../core/check.ts";
import type { IgnoreRule } from "../core/ignore.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Clock, Session, Store } from "../core/ports.ts";
import type { ProfileName } from "../core/profile.ts";
import type { Reference } from "../core/read.ts";
import type { Scene } from "../core/scene.ts";
import type { CountingServer, Server } from "../core/server.ts";
import type { Target, Typed } from "../core/target.ts";
import type { ChosenCheck } from "./judge.ts";

/** What a check remembered, and of which server. */
export type Remembered = NonNullable<JudgeContext["previous"]> & {
  readonly server?: CountingServer | undefined;
};

/** The same of when a watch began. */
export type BeforeWatch = NonNullable<JudgeContext["baseline"]> & Pick<Remembered, "server">;

/**
 * Takes down what will be gone in minutes: at once where a check says that something critical
 * happens, and again a little later.
 */
export interface Witness {
  /** Is this worth a closer look? */
  readonly isCalled: (outcome: Outcome) => boolean;
  /** Gives who looks at what happens now, twice; it never throws for what a server does. */
  readonly begin: (session: Session, clock: Clock) => () => Promise<Scene>;
  /** Milliseconds from the first look to the second. */
  readonly pause: number;
}

/** One target, what to look at, and what to look with. */
export interface Examination {
  readonly target: Target;
  readonly typed?: Typed | undefined;
  readonly profile: ProfileName;
  /** In the order in which they are asked: what is gone in minutes first, what takes long last. */
  readonly checks: readonly ChosenCheck[];
  /** @throws DatabaseError */
  readonly connect: () => Promise<Session>;
  readonly store: Store | undefined;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly ignore: readonly IgnoreRule[];
  /** What a check remembered of its last look at this target. */
  readonly past: (check: string) => Remembered | undefined;
  /** What stands in the target's own document, which may be older: whether it is to be written anew. */
  readonly standing?: ((check: string) => Remembered | undefined) | undefined;
  /** What it remembered when the watch over this target began, where there is one. */
  readonly baseline?: ((check: string) => BeforeWatch | undefined) | undefined;
  readonly reference?: Reference | undefined;
  /** Names another target of this run that is the same database. */
  readonly claim?: ((server: Server) => string | undefined) | undefined;
  /** Who looks closer where something critical happens, in the same session. */
  readonly witness?: Witness | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}
