/** How long somebody who asks about the queues waits for them, in milliseconds. */
const ANSWER_WITHIN_MS = 1_500;

/** The queues did not answer, or not in time. */
export class QueuesAway extends Error {}

/** What the queues answer. While Redis is away, BullMQ waits for it without an end; whoever asks here does not. */
export async function ask<T>(answer: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([answer(), late]);
  } catch (cause) {
    throw new QueuesAway('The queues do not answer.', { cause });
  } finally {
    clearTimeout(timer);
  }
}
