import { S3Client } from "@aws-sdk/client-s3";
import type { Store } from "../../../core/ports.ts";
import { locking, objectLockSchema } from "../object-lock.ts";
import { placeOf } from "../place.ts";
import { s3Store } from "../s3-store.ts";
import { variable, variableOf } from "./variable.ts";
import type { World } from "./world.ts";

/** The bucket of the deployment. */
export const storeIn = ({ env, aws, clock }: Pick<World, "env" | "aws" | "clock">): Store =>
  s3Store(
    new S3Client({
      requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000 },
      maxAttempts: 5,
      ...aws,
    }),
    placeOf(variable(env, "PGVIGIL_STORE")),
    locking(
      env.PGVIGIL_OBJECT_LOCK === undefined
        ? undefined
        : variableOf(env, "PGVIGIL_OBJECT_LOCK", objectLockSchema),
      clock,
    ),
  );
