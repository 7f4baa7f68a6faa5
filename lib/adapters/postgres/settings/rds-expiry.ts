import { X509Certificate } from "node:crypto";
import { rdsRoots } from "./rds-roots.ts";

export interface TrustedRoot {
  /** `Amazon RDS eu-central-1 Root CA RSA2048 G1` */
  readonly name: string;
  readonly until: Date;
}

/** The roots that an endpoint of RDS is held against, and until when they hold; none for others. */
export const rootsFor = (host: string): readonly TrustedRoot[] =>
  rdsRoots(host).map((pem) => {
    const { subject, validTo } = new X509Certificate(pem);
    return { name: /^CN=(.*)$/m.exec(subject)?.[1] ?? subject, until: new Date(validTo) };
  });
