/** What can go wrong with one call. After `lost-reply` the work is done, and nobody was told. */
export const faultKinds = [
  "slow-down",
  "server-error",
  "throttle",
  "reset",
  "lost-reply",
  "torn-body",
  "slow-body",
] as const;
export type FaultKind =
  | (typeof faultKinds)[number]
  | "conflict"
  | "denied"
  | "expired"
  | "no-bucket"
  | "elsewhere"
  | "key-denied";

export interface Call {
  /** The id of the access key that it was signed with. */
  readonly who: string;
  readonly service: string;
  readonly operation: string;
  /** Of an object; the prefix of a listing. */
  readonly key: string;
  /** Counted from 0 over everything. */
  readonly nth: number;
}

/** Which call fails, and how. */
export class Faults {
  readonly calls: Call[] = [];
  readonly #planned: {
    readonly when: (call: Call) => boolean;
    readonly kind: FaultKind;
    left: number;
  }[] = [];

  /** The next `times` calls that fit fail so. */
  plan(kind: FaultKind, when: (call: Call) => boolean = () => true, times = 1): void {
    this.#planned.push({ when, kind, left: times });
  }

  clear(): void {
    this.#planned.length = 0;
    this.calls.length = 0;
  }

  note(call: Omit<Call, "nth">): Call {
    const noted = { ...call, nth: this.calls.length };
    this.calls.push(noted);
    return noted;
  }

  due(call: Call): FaultKind | undefined {
    const plan = this.#planned.find(({ when, left }) => left > 0 && when(call));
    if (plan === undefined) return undefined;
    plan.left -= 1;
    return plan.kind;
  }
}
