import type { ErrorClass } from "../../../core/errors.ts";
import type { Place } from "../settings/place.ts";

/** What went wrong, as it came: from the server, a pooler, the socket, TLS or the driver. */
export interface Symptom {
  /** An SQLSTATE, or a code of Node's or OpenSSL's; empty where there is none. */
  readonly code: string;
  /** One line. A server's own words may be in its language: rules prefer code and routine. */
  readonly message: string;
  /** The C function that complained (src/backend/…); empty where no server did. */
  readonly routine: string;
  /** Until the probe has its answer. */
  readonly isConnecting: boolean;
  /** The statement had run for as long as it may. */
  readonly ranOut: boolean;
  readonly isEncrypted: boolean;
  /** Bytes that came from the other side of the socket. */
  readonly received: number;
  readonly place: Place;
}

type Words = string | ((symptom: Symptom) => string);

/** One kind of failure. A rule holds where all that it names holds; the first that holds counts. */
export interface Rule {
  readonly codes?: readonly string[];
  readonly message?: RegExp;
  readonly routine?: RegExp;
  readonly when?: (symptom: Symptom) => boolean;
  readonly is: ErrorClass;
  /** In place of the words that came. */
  readonly says?: Words;
  /** What to do about it. */
  readonly hint: Words;
}

export const holds = (rule: Rule, symptom: Symptom): boolean =>
  (rule.codes === undefined || rule.codes.includes(symptom.code)) &&
  (rule.message === undefined || rule.message.test(symptom.message)) &&
  (rule.routine === undefined || rule.routine.test(symptom.routine)) &&
  (rule.when === undefined || rule.when(symptom));

export const wordsOf = (words: Words, symptom: Symptom): string =>
  typeof words === "string" ? words : words(symptom);

export const connecting = (symptom: Symptom): boolean => symptom.isConnecting;
export const reading = (symptom: Symptom): boolean => !symptom.isConnecting;
