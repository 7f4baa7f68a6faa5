import { messageOf, NoAnswer, UsageError } from "../../core/errors.ts";
import { nameOf, statusOf } from "./errors.ts";

interface Rule {
  readonly fits: (name: string, message: string, status: number | undefined) => boolean;
  readonly says: (message: string) => string;
  readonly hint: string;
}

const whoami = "Whose there are: aws sts get-caller-identity.";

/** What its user can mend, the most telling first. */
const mistakes: readonly Rule[] = [
  {
    fits: (name) => /^(CredentialsProvider|TokenProvider|ProviderChain)Error$/.test(name),
    says: (message) =>
      /expired|sso|refresh/i.test(message)
        ? `the AWS credentials do not hold any more: ${message}`
        : "there are no AWS credentials here",
    hint: "AWS_PROFILE names a profile; aws sso login renews one; AWS_ACCESS_KEY_ID and its like are taken too.",
  },
  {
    fits: (name) => /^(Expired|RequestExpired|TokenRefresh|InvalidToken)/.test(name),
    says: () => "the AWS credentials have expired",
    hint: "aws sso login, or whatever gave them to you, gives new ones.",
  },
  {
    fits: (name) =>
      /^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|IncompleteSignature|AuthFailure)/.test(
        name,
      ),
    says: () => "AWS does not know these credentials",
    hint: whoami,
  },
  {
    fits: (name) => name === "NoSuchBucket",
    says: () => "there is no such bucket",
    hint: "pgvigil deploy-status prints the bucket of a deployment; aws s3 ls yours.",
  },
  {
    fits: (name, message, status) =>
      /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint)/.test(name) ||
      status === 301 ||
      /^Region is missing/.test(message),
    says: (message) =>
      /^Region is missing/.test(message) ? "no region is said" : "it is in another region",
    hint: "AWS_REGION=eu-central-1, or aws: { region: eu-central-1 } in the configuration.",
  },
  {
    fits: (name, message) =>
      /^KMS/.test(name) || (isDenied(name, undefined) && /kms:/.test(message)),
    says: (message) => `the key does not open it: ${message}`,
    hint: "You need kms:Decrypt and kms:GenerateDataKey on the key of the deployment, and it must be enabled.",
  },
  {
    fits: (name, _, status) => isDenied(name, status),
    says: (message) => `AWS denies it: ${message}`,
    hint: `Let whoever runs pgvigil do that, or use other credentials. ${whoami}`,
  },
];

const isDenied = (name: string, status: number | undefined): boolean =>
  /^(AccessDenied|AuthorizationError|Unauthorized|Forbidden|NotAuthorized)/.test(name) ||
  status === 403;

const network = /^(E[A-Z]+|TimeoutError|NetworkingError|AbortError)$/;

/**
 * What AWS refused, as a sentence: a mistake that can be mended here is a UsageError, all else that
 * AWS did not answer is NoAnswer. What is not AWS's comes back as it was.
 *
 * @param what is asked for: `s3://bucket`, `the stack Pgvigil`
 */
export function explained(error: unknown, what: string): unknown {
  if (error instanceof UsageError || error instanceof NoAnswer) return error;
  const [name, status, code] = [nameOf(error), statusOf(error), String(Object(error).code ?? "")];
  const message = messageOf(error);
  const rule = mistakes.find(({ fits }) => fits(name, message, status));
  if (rule !== undefined) {
    return new UsageError(`${what}: ${rule.says(message)}`, rule.hint, { cause: error });
  }
  const isFromAws = status !== undefined || Object(error).$fault !== undefined;
  const isLost = network.test(code) || network.test(name);
  if (!isFromAws && !isLost) return error;
  const said = isLost ? `AWS does not answer (${code || name})` : `AWS answers ${name}: ${message}`;
  return new NoAnswer(
    `${what}: ${said}`,
    isLost
      ? "Is this machine on the network? AWS_ENDPOINT_URL, proxies and VPC endpoints matter too."
      : "Again in a minute.",
    { cause: error },
  );
}

/** Does something with AWS; what goes wrong is thrown as a sentence. */
export async function explaining<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, what);
  }
}
