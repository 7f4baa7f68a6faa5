import * as z from "zod";

const recordSchema = z.looseObject({ messageId: z.string(), body: z.string() });
type SqsRecord = z.infer<typeof recordSchema>;

/** As SQS hands messages over. */
export const batchSchema = z.looseObject({ Records: z.array(recordSchema) });

export interface BatchReply {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * Works on each message of a batch by itself: one that fails comes again, and the others are done.
 */
export async function eachOf(
  records: readonly SqsRecord[],
  work: (record: SqsRecord) => Promise<void>,
  onFailure: (error: unknown, record: SqsRecord) => void,
): Promise<BatchReply> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of records) {
    try {
      await work(record);
    } catch (error) {
      onFailure(error, record);
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}
