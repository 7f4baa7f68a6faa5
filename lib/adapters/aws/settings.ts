/** What clients of AWS are made with where a person calls: the environment, and a region. */
export interface AwsWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the configuration or of what is asked for; the environment's and the profile's otherwise. */
  readonly region?: string | undefined;
}

/**
 * Settings of a client. What the environment does not say is looked up by the SDK itself:
 * profiles, single sign-on, the role of an instance.
 *
 * @param service as the variables spell it: `S3`, `SECRETS_MANAGER`
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function clientSettings({ env, region }: AwsWorld, service: string) {
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL;
  const where = region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION);
  const credentials = credentialsIn(env);
  return {
    ...(endpoint ? { endpoint } : {}),
    ...(where ? { region: where } : {}),
    ...(credentials === undefined ? {} : { credentials }),
    // A person waits: five seconds for an answer to the knock, thirty for what was asked.
    requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000 },
    maxAttempts: 3,
  };
}

/** A profile that is named wins over keys, as it does for the SDK. */
function credentialsIn(env: AwsWorld["env"]) {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  if (!id || !secret || env.AWS_PROFILE) return undefined;
  return {
    accessKeyId: id,
    secretAccessKey: secret,
    ...(token ? { sessionToken: token } : {}),
  };
}
