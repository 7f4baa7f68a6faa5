import { SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import type { Outlet } from "../../../core/alert.ts";
import { topicOutlet } from "../topic-outlet.ts";
import { variableOf } from "./variable.ts";
import type { World } from "./world.ts";

const arns = z.object({
  alerts: z.string(),
  chat: z.string(),
  page: z.string(),
  events: z.string(),
});

/** The topics of the deployment. */
export const topicsIn = ({ env, aws }: Pick<World, "env" | "aws">): Outlet =>
  topicOutlet(
    new SNSClient({
      requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 },
      maxAttempts: 3,
      ...aws,
    }),
    variableOf(env, "PGVIGIL_TOPICS", arns),
  );
