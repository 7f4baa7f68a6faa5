import { S3Client } from "@aws-sdk/client-s3";
import type { Store } from "../../../core/ports.ts";
import { placeOf } from "../place.ts";
import { s3Store } from "../s3-store.ts";
import { variable } from "./variable.ts";
import type { World } from "./world.ts";

/** The bucket of the deployment. */
export const storeIn = ({ env, aws }: Pick<World, "env" | "aws">): Store =>
  s3Store(
    new S3Client({
      requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000 },
      maxAttempts: 5,
      ...aws,
    }),
    placeOf(variable(env, "PGVIGIL_STORE")),
  );
