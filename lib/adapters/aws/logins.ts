import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock, Session } from "../../core/ports.ts";
import type { Connection } from "../postgres/config.ts";
import type { SessionLimits } from "../postgres/session.ts";
import { type Login, openWith, Secrets, tokenLogin } from "./login.ts";
import { type AwsWorld, clientSettings } from "./settings.ts";

/** A target that logs in by AWS: one of both ways. */
export interface LoggedIn {
  readonly url: string;
  readonly auth: {
    readonly iam?: object | undefined;
    readonly secret?: string | undefined;
  };
  readonly connection: Connection;
}

/** Tokens and secrets of a person's own credentials, over as many regions as there are targets. */
export class Logins {
  readonly #world: AwsWorld;
  readonly #clock: Clock;
  readonly #secrets = new Map<string, Secrets>();

  constructor(world: AwsWorld, clock: Clock) {
    this.#world = world;
    this.#clock = clock;
  }

  /** @throws DatabaseError */
  open(
    { url, auth, connection }: LoggedIn,
    limits: SessionLimits,
    signal?: AbortSignal,
  ): Promise<Session> {
    const login =
      auth.secret === undefined ? this.#token(connection) : this.#secretsOf(auth.secret);
    return openWith(login, connection, limits, { signal, hasUser: namesUser(url) });
  }

  #token(connection: Connection): Login {
    const { region, credentials } = clientSettings(this.#world, "RDS");
    return tokenLogin(connection, region, credentials === undefined ? {} : { credentials });
  }

  /** A secret is where its ARN says; one that is only named, where the configuration is. */
  #secretsOf(arn: string): Login {
    const region = /^arn:[\w-]+:secretsmanager:([\w-]+):/.exec(arn)?.[1] ?? this.#world.region;
    const key = region ?? "";
    const secrets =
      this.#secrets.get(key) ??
      new Secrets(
        new SecretsManagerClient(clientSettings({ ...this.#world, region }, "SECRETS_MANAGER")),
        this.#clock,
      );
    this.#secrets.set(key, secrets);
    return secrets.login(arn);
  }
}

/** Where the URL names nobody, the secret may. */
const namesUser = (url: string): boolean => /^\w+:\/\/[^/?@]+@/.test(url) || /[?&]user=/.test(url);
