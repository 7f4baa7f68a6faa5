import * as z from "zod";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const told = z.looseObject({
  Records: z.array(
    z.looseObject({ s3: z.looseObject({ object: z.looseObject({ key: z.string() }) }) }),
  ),
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const ruled = z.looseObject({
  detail: z.looseObject({ object: z.looseObject({ key: z.string() }) }),
});

const test = z.looseObject({ Event: z.literal("s3:TestEvent") });

/**
 * The keys of the objects that a message tells of: by the bucket itself, or by EventBridge. None
 * for the event that S3 sends to try the queue.
 *
 * @throws Error for a message of no such shape
 */
export function writtenKeys(body: string): readonly string[] {
  const message: unknown = JSON.parse(body);
  if (test.safeParse(message).success) return [];
  const { data: direct } = told.safeParse(message);
  if (direct !== undefined) return direct.Records.map(({ s3 }) => decoded(s3.object.key));
  const { data: event } = ruled.safeParse(message);
  if (event !== undefined) return [decoded(event.detail.object.key)];
  throw new Error("the message tells of no object");
}

/** Form-encoded by the bucket. As no key of ours holds a sign that this changes, it may be said twice. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll("+", " "));
