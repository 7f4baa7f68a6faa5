/**
 * What the SDK's own chain of credentials is in a function: Lambda puts them into the environment,
 * once for its life. The rest of the chain (profiles, single sign-on, metadata of machines) would be
 * a third of every bundle, which take this in its place (`lib/constructs/recipe.ts`).
 */
const fromEnvironment = async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  const { AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error("there are no AWS credentials in the environment");
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
};

/** As clients ask for it. */
export const defaultProvider = () => fromEnvironment;

/** As the signer of tokens for RDS asks for it. */
export const fromNodeProviderChain = () => fromEnvironment;
