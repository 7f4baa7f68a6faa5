import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Signer, type SignerConfig } from "@aws-sdk/rds-signer";
import { DatabaseError, messageOf } from "../../core/errors.ts";
import type { Clock, Session } from "../../core/ports.ts";
import type { Connection } from "../postgres/config.ts";
import { openSession, type SessionLimits } from "../postgres/session.ts";
import { nameOf } from "./errors.ts";

/** How a target proves who we are, where AWS vouches for it. Never kept beyond what it says. */
export interface Login {
  /** @throws DatabaseError */
  credentials(): Promise<Credentials>;
  /** What was handed out does not hold any more: ask anew next time. */
  forget?(): void;
  /** What to look at where the server refuses it. */
  readonly hint: string;
}

export interface Credentials {
  /** Where the secret names one, and the URL does not. */
  readonly user?: string | undefined;
  readonly password: string;
}

/**
 * A token signed on this machine, good for 15 minutes and for one login. It is signed over the
 * name of the endpoint: an alias of it (a CNAME) would be refused.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export function tokenLogin(
  { place }: Pick<Connection, "place">,
  region: string | undefined,
  aws: Pick<SignerConfig, "credentials"> = {},
): Login {
  return {
    async credentials() {
      const signer = new Signer({
        ...aws,
        hostname: place.host,
        port: place.port,
        username: place.user,
        ...{ region: regionOf(place.host) ?? region },
      } as SignerConfig);
      try {
        return { password: await signer.getAuthToken() };
      } catch (cause) {
        throw new DatabaseError("authentication", `no token could be signed: ${messageOf(cause)}`, {
          hint: "pgvigil needs AWS credentials here: aws sts get-caller-identity tells whose there are.",
          cause,
        });
      }
    },
    hint:
      `Is IAM authentication on, and rds_iam granted to ${place.user}? After a restore or a blue/green ` +
      "switchover the resource id is another one: see auth.iam.resourceId and the role's policy. " +
      "The host must be the endpoint itself, not an alias of it.",
  };
}

/** `orders.c1ab.eu-central-1.rds.amazonaws.com` */
const regionOf = (host: string): string | undefined =>
  /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.rds\.amazonaws\.com(?:\.cn)?$/i.exec(host)?.[1];

/** Milliseconds. A rotation is noticed by its refusal; this only spares requests. */
const freshness = 5 * 60_000;

/** Secrets as Secrets Manager keeps them, each asked for once in five minutes. */
export class Secrets {
  readonly #client: SecretsManagerClient;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly at: number; readonly value: Promise<Credentials> }>();

  constructor(client: SecretsManagerClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  login(arn: string): Login {
    return {
      credentials: () => this.#credentials(arn),
      forget: () => void this.#kept.delete(arn),
      hint: `The password is the one of ${arn}: does its rotation reach this database?`,
    };
  }

  #credentials(arn: string): Promise<Credentials> {
    const now = this.#clock().getTime();
    const kept = this.#kept.get(arn);
    if (kept !== undefined && now - kept.at < freshness) return kept.value;
    const value = this.#ask(arn);
    this.#kept.set(arn, { at: now, value });
    // A refusal is not kept: the next one asks again.
    value.catch(() => this.#kept.delete(arn));
    return value;
  }

  async #ask(arn: string): Promise<Credentials> {
    try {
      const { SecretString } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: arn }),
      );
      return credentialsIn(SecretString ?? "");
    } catch (cause) {
      if (cause instanceof DatabaseError) throw cause;
      throw new DatabaseError(
        "authentication",
        `the secret ${arn} cannot be read: ${wordsOf(cause)}`,
        {
          hint: "Who runs pgvigil needs secretsmanager:GetSecretValue on it, and kms:Decrypt where it has a key of its own.",
          cause,
        },
      );
    }
  }
}

/** AWS's own sentence may quote what it was sent; its name says enough. */
const wordsOf = (error: unknown): string => nameOf(error) || "an error without a name";

/** RDS writes JSON with username and password; a secret of somebody's own may be the password alone. */
function credentialsIn(text: string): Credentials {
  const value = parsed(text);
  const { username, password } = Object(value);
  if (typeof password === "string" && password !== "") {
    return { password, ...(typeof username === "string" ? { user: username } : {}) };
  }
  if (typeof value !== "object" && text.trim() !== "") return { password: text.trim() };
  throw new DatabaseError("authentication", "the secret holds no password", {
    hint: 'Its text is the password itself, or JSON with "password" and perhaps "username".',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Opens the session of a target. A secret that was rotated between our asking and our login is
 * asked for once more.
 *
 * @throws DatabaseError
 */
export async function openWith(
  login: Login,
  { client }: Pick<Connection, "client">,
  limits: SessionLimits,
  { signal, hasUser = true }: { signal?: AbortSignal | undefined; hasUser?: boolean } = {},
): Promise<Session> {
  const open = async (): Promise<Session> => {
    const { user, password } = await login.credentials();
    const as = hasUser || user === undefined ? {} : { user };
    return openSession({ ...client, ...as, password }, limits, signal);
  };
  try {
    return await open();
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (login.forget === undefined) throw explained(error, login);
    login.forget();
    return open().catch((again: unknown) => {
      throw isRefused(again) ? explained(again, login) : again;
    });
  }
}

const isRefused = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.errorClass === "authentication";

const explained = (error: DatabaseError, { hint }: Login): DatabaseError =>
  new DatabaseError(error.errorClass, error.message, {
    hint: `${error.hint} ${hint}`.trim(),
    sqlstate: error.sqlstate,
    cause: error,
  });
