import { DatabaseError, messageOf } from "../../core/errors.ts";
import type { Place } from "./settings/place.ts";
import { full, login } from "./symptoms/login.ts";
import { network } from "./symptoms/network.ts";
import { pooler } from "./symptoms/pooler.ts";
import { holds, type Rule, type Symptom, wordsOf } from "./symptoms/rule.ts";
import { state } from "./symptoms/state.ts";
import { statement } from "./symptoms/statement.ts";
import { tls } from "./symptoms/tls.ts";

/** In which situation an error came. */
export interface Circumstances {
  readonly place: Place;
  /** The read that was under way; absent until the session stands. */
  readonly read?: string | undefined;
  /** The statement had run for as long as it may. */
  readonly ranOut?: boolean | undefined;
  readonly isEncrypted?: boolean | undefined;
  readonly received?: number | undefined;
}

/** The first that holds counts: what is more exact stands before what is more general. */
const rules: readonly Rule[] = [
  ...pooler,
  ...tls,
  ...login,
  ...full,
  ...state,
  ...statement,
  ...network,
];

/** Any error, as a person would sort it, with a sentence and what to do. Never empty. */
export function classify(error: unknown, circumstances: Circumstances): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const symptom = symptomOf(error, circumstances);
  const rule = rules.find((candidate) => holds(candidate, symptom)) ?? fallback(symptom);
  const words = wordsOf(rule.says ?? symptom.message, symptom);
  const { read } = circumstances;
  return new DatabaseError(rule.is, read === undefined ? words : `${read}: ${words}`, {
    hint: wordsOf(rule.hint, symptom),
    ...(isFromServer(error) ? { sqlstate: symptom.code } : {}),
    cause: error,
  });
}

function symptomOf(error: unknown, circumstances: Circumstances): Symptom {
  const { place, read, ranOut = false, isEncrypted = false, received = 0 } = circumstances;
  const { code, routine } = Object(error);
  const message = oneLine(error);
  return {
    code: typeof code === "string" ? code : codeOf(message),
    message,
    routine: typeof routine === "string" ? routine : "",
    isConnecting: read === undefined,
    ranOut,
    isEncrypted,
    received,
    place,
  };
}

const isFromServer = (error: unknown): boolean => typeof Object(error).severity === "string";

/** What the driver says without a code. */
const codeOf = (message: string): string => {
  if (/^Connection terminated|not queryable$|^write after end/.test(message)) return "HANGUP";
  return /^timeout expired$/.test(message) ? "SILENCE" : "";
};

/** Node tries every address of a name, and its AggregateError itself has no words. */
function oneLine(error: unknown): string {
  const words =
    error instanceof AggregateError && error.message === ""
      ? [...new Set(error.errors.map(messageOf))].join("; ")
      : messageOf(error);
  const line = words.replace(/\s+/g, " ").trim();
  const code = Object(error).code;
  const said = line || (typeof code === "string" ? code : "an error without words");
  return said.length > 400 ? `${said.slice(0, 400)}…` : said;
}

const fallback = ({ isConnecting, code }: Symptom): Rule =>
  isConnecting && !/^[0-9A-Z]{5}$/.test(code)
    ? {
        is: "unexpected-answer",
        hint: "Does PostgreSQL 13 to 18 listen there, and does its log say more?",
      }
    : { is: "other", hint: "The server's log may say more of this moment." };
