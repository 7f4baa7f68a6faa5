import { createHash } from "node:crypto";
import utils from "pg/lib/crypto/utils.js";

/** More roles than one process knows the passwords of; then all is derived anew. */
const most = 256;

const derived = new Map<string, Promise<ArrayBuffer>>();
const derive = utils.deriveKey;

/**
 * What SCRAM makes of a password takes more of a processor than all the questions of a short look,
 * and is the same for every database of a server: a role has one salt. A client may keep it
 * (https://www.rfc-editor.org/rfc/rfc5802#section-3), in memory like the password itself.
 */
utils.deriveKey = (password, salt, iterations) => {
  const name = createHash("sha256")
    .update(JSON.stringify([password, Buffer.from(salt).toString("base64"), iterations]))
    .digest("base64");
  const kept = derived.get(name);
  if (kept !== undefined) return kept;
  if (derived.size >= most) derived.clear();
  const key = derive(password, salt, iterations);
  derived.set(name, key);
  key.catch(() => derived.delete(name));
  return key;
};
