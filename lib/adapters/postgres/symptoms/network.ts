import { sayServer } from "../settings/place.ts";
import { connecting, type Rule, reading } from "./rule.ts";

const lost =
  "The connection is gone: what was not read yet is not looked at in this run. Run again.";

/** The way to the server and back. https://nodejs.org/api/errors.html#common-system-errors */
export const network: readonly Rule[] = [
  {
    codes: ["ENOTFOUND", "EAI_NONAME", "EAI_NODATA"],
    is: "unreachable",
    says: ({ place }) => `no address is known for the host ${place.host}`,
    hint: "Is the name spelt right? A private name resolves only inside its own network.",
  },
  {
    codes: ["EAI_AGAIN", "EAI_FAIL", "ESERVFAIL", "ETIMEOUT"],
    is: "unreachable",
    says: ({ place }) => `the name server did not answer when asked for ${place.host}`,
    hint: "Name resolution itself fails here: look at this machine's DNS, then try again.",
  },
  {
    codes: ["ENOENT"],
    is: "unreachable",
    says: ({ place }) => `there is no socket ${sayServer(place)}`,
    hint: "Is the server running, and is its unix_socket_directories this one?",
  },
  {
    codes: ["EACCES", "EPERM"],
    is: "unreachable",
    says: ({ place, code }) => `this process may not connect to ${sayServer(place)} (${code})`,
    hint: "The socket's permissions or a local firewall refuse it.",
  },
  {
    codes: ["ECONNREFUSED"],
    is: "unreachable",
    says: ({ place }) => `${sayServer(place)} refused the connection`,
    hint:
      "The host answers, but nobody listens there. Is the server running, is this its port, " +
      "and does its listen_addresses include this address?",
  },
  {
    codes: ["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL"],
    when: connecting,
    is: "unreachable",
    says: ({ place, code }) => `there is no way to ${sayServer(place)} (${code})`,
    hint: "Routing: is a VPN down, a subnet without a route, or IPv6 missing on this machine?",
  },
  {
    codes: ["ETIMEDOUT", "SILENCE"],
    when: ({ isConnecting, received }) => isConnecting && received === 0,
    is: "unreachable",
    says: ({ place }) => `${sayServer(place)} did not answer in time`,
    hint:
      "Nothing came back, not even a refusal: a firewall or security group that drops packets, " +
      "or a host that hangs. limits.connect, or connect_timeout in the URL, allows more time.",
  },
  {
    codes: ["SILENCE"],
    when: connecting,
    is: "unreachable",
    says: ({ place }) => `${sayServer(place)} began to answer and then fell silent`,
    hint:
      "It accepts connections but does not finish a login: overloaded, waiting for an " +
      "authentication service, a pooler without a server, or no PostgreSQL at all.",
  },
  {
    codes: ["ECONNRESET", "EPIPE", "ECONNABORTED", "HANGUP"],
    when: ({ isConnecting, received }) => isConnecting && received === 0,
    is: "unreachable",
    says: ({ place }) => `${sayServer(place)} hung up without a word`,
    hint:
      "A load balancer or port forwarding without a server behind it, a server that is going " +
      "down, or one that speaks TLS only from the first byte (sslnegotiation=direct).",
  },
  {
    codes: ["ECONNRESET", "EPIPE", "ECONNABORTED", "HANGUP"],
    when: connecting,
    is: "unreachable",
    says: ({ place }) => `${sayServer(place)} hung up in the middle of the login`,
    hint: "Does PostgreSQL listen there, and what does its log say of this moment?",
  },
  {
    codes: ["SILENCE"],
    when: reading,
    is: "going-away",
    says: ({ message }) => `the server took the question and fell silent: ${message}`,
    hint: `Its host hangs, its storage stalls, or the network lost the connection. ${lost}`,
  },
  {
    codes: [
      ...["ECONNRESET", "EPIPE", "ECONNABORTED", "HANGUP", "ETIMEDOUT", "ENOTCONN"],
      ...["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "ERR_STREAM_DESTROYED"],
    ],
    when: reading,
    is: "going-away",
    says: ({ place }) => `the connection to ${sayServer(place)} broke`,
    hint: `The server crashed or was restarted, a pooler was, or the network broke. ${lost}`,
  },
  {
    codes: ["INTERRUPTED"],
    is: "other",
    says: "interrupted",
    hint: "The run was told to stop.",
  },
];
