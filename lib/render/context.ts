import type { FailOn } from "../core/exit-code.ts";

/** The words of a check, from its own metadata. */
export interface CheckWords {
  /** True where it passes. */
  readonly title: string;
  readonly failureTitle: string;
  readonly why: string;
  /** A page, a source file, or both in words. */
  readonly source: string;
}

/** What a renderer is told beside the run. Renderers are pure: they print what they are given. */
export interface RenderContext {
  readonly catalogue: ReadonlyMap<string, CheckWords>;
  readonly colour: boolean;
  /** Columns; below 60 counts as 60. SQL is never wrapped. */
  readonly width: number;
  readonly failOn: FailOn;
  /** Print what the reads returned, so that the run can be replayed. */
  readonly evidence: boolean;
  /** pgvigil's own. */
  readonly version: string;
  /** The page of a check. */
  readonly docsUrl?: ((check: string) => string) | undefined;
  /** The configuration, relative to the repository: where code scanning shows a finding. */
  readonly configFile?: string | undefined;
}
