declare module "pg/lib/crypto/utils.js" {
  const utils: {
    /** PBKDF2 with SHA-256, as SCRAM asks for it. */
    deriveKey(password: string, salt: Uint8Array, iterations: number): Promise<ArrayBuffer>;
  };
  export default utils;
}
