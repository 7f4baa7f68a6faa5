import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { logError } from "./log-error.ts";
import type { World } from "./world.ts";

/** What came in is nothing that this function knows: nobody can mend it by trying again. */
class StrangeEvent extends Error {
  override readonly name = "StrangeEvent";
}

function parsed<Event>(schema: z.ZodType<Event>, event: unknown): Event {
  const { data, error } = schema.safeParse(event);
  if (error !== undefined) throw new StrangeEvent(z.prettifyError(error));
  return data;
}

/** What went wrong stands in the log once, with its class; the runtime counts it as failed. */
const logged = ({ log }: World) => ({
  onError({ error }: { error: unknown }) {
    logError(log, error);
  },
});

/** The function that Lambda calls. Validation, ids on every line, and errors are the same for all. */
export function handlerOf<Event, Reply>(
  world: World,
  schema: z.ZodType<Event>,
  work: (event: Event, context: Context) => Promise<Reply>,
): (event: unknown, context: Context) => Promise<Reply> {
  const handler = middy<unknown, Reply>();
  if (world.logger !== undefined)
    handler.use(injectLambdaContext(world.logger, { resetKeys: true }));
  handler.use(logged(world));
  return handler.handler((event: unknown, context: Context) =>
    work(parsed(schema, event), context),
  );
}
