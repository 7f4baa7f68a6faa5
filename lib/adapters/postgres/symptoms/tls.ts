import { sayServer } from "../settings/place.ts";
import { isRds, rdsRoots } from "../settings/rds-roots.ts";
import type { Rule, Symptom } from "./rule.ts";

const withoutVerifying = "sslmode=require encrypts without verifying.";
const amazon = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html";

function trustIt({ place: { host } }: Symptom): string {
  if (!isRds(host)) return `Give its root certificate: sslrootcert=FILE. ${withoutVerifying}`;
  return rdsRoots(host).length > 0
    ? `Amazon's roots for this region are built in, and it is none of them: who answers there?`
    : `The roots of this region are not built in: sslrootcert=FILE with the bundle from ${amazon}`;
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
export const tls: readonly Rule[] = [
  {
    codes: ["DEPTH_ZERO_SELF_SIGNED_CERT"],
    is: "tls",
    says: ({ place }) =>
      `the certificate of ${sayServer(place)} is self-signed: nobody vouches for it`,
    hint:
      `If it is the right server, trust that certificate: sslrootcert=FILE. ` +
      `${withoutVerifying}`,
  },
  {
    codes: [
      ...["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_UNTRUSTED"],
      ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "INVALID_CA"],
    ],
    is: "tls",
    says: ({ place }) =>
      `the certificate of ${sayServer(place)} comes from an authority not trusted here`,
    hint: trustIt,
  },
  {
    codes: ["ERR_TLS_CERT_ALTNAME_INVALID", "HOSTNAME_MISMATCH"],
    is: "tls",
    says: ({ place }) => `the certificate of ${sayServer(place)} is for another name`,
    hint:
      "Connect by the name that it was issued for (an endpoint's own, not an alias or address), " +
      "or accept any name of a trusted root: sslmode=verify-ca with sslrootcert.",
  },
  {
    codes: ["CERT_HAS_EXPIRED"],
    is: "tls",
    says: ({ place }) => `a certificate of ${sayServer(place)} has expired`,
    hint: "Renew it on the server and reload. Every client that verifies is refused as well.",
  },
  {
    codes: ["CERT_NOT_YET_VALID"],
    is: "tls",
    says: ({ place }) => `the certificate of ${sayServer(place)} is not valid yet`,
    hint: "Is this machine's clock right? Otherwise the server has been given it too early.",
  },
  {
    codes: ["CERT_REVOKED"],
    is: "tls",
    says: ({ place }) => `the certificate of ${sayServer(place)} was revoked`,
    hint: "Do not go on without knowing why: its key may be in other hands.",
  },
  {
    message: /^The server does not support SSL connections$/,
    is: "tls",
    says: ({ place }) => `${sayServer(place)} offers no TLS`,
    hint:
      "Turn it on (ssl = on), or say sslmode=disable if nobody can listen in on the way. " +
      "Where a server once had TLS, ask who answers now.",
  },
  {
    message: /^There was an error establishing an SSL connection$/,
    is: "unexpected-answer",
    says: ({ place }) =>
      `${sayServer(place)} did not answer the request for TLS as PostgreSQL does`,
    hint: "Is something else listening there (a web server, another database), or a TCP proxy?",
  },
  {
    // PostgreSQL 14 renamed "SSL off" to "no encryption".
    codes: ["28000"],
    message: /no encryption|SSL off/,
    when: ({ isEncrypted }) => !isEncrypted,
    is: "tls",
    hint: ({ place }) =>
      "pg_hba.conf admits this role only with TLS, or not at all: try sslmode=verify-full; " +
      `otherwise it needs a line for ${place.user} from this address.`,
  },
  {
    message: /^SSL required$|requires? (TLS|SSL)/i,
    is: "tls",
    hint: "Say sslmode=verify-full, or require to encrypt without verifying.",
  },
  {
    codes: [
      ...["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE"],
      ...["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE"],
      ...["ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE"],
    ],
    is: "tls",
    says: ({ place, code }) =>
      `${sayServer(place)} refused our side of the TLS handshake (${code})`,
    hint: "It wants a client certificate that it trusts: sslcert=FILE and sslkey=FILE.",
  },
  {
    codes: [
      ...["ERR_OSSL_BAD_DECRYPT", "ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED"],
      ...["ERR_MISSING_PASSPHRASE", "ERR_OSSL_PEM_BAD_PASSWORD_READ"],
      "ERR_OSSL_EVP_BAD_DECRYPT",
    ],
    is: "tls",
    says: "the key of the client certificate is encrypted, and not with this password",
    hint: "sslpassword=… in the URL opens it.",
  },
  {
    when: ({ code }) => /^(ERR_SSL_|ERR_OSSL_|ERR_TLS_|EPROTO$)/.test(code),
    is: "tls",
    says: ({ place, code }) => `no TLS handshake with ${sayServer(place)} (${code})`,
    hint:
      "Client and server found no common version or cipher, a certificate file is not what it " +
      "should be, or something else than PostgreSQL listens there.",
  },
];
