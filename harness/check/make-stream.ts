import { systemClock } from '../../src/poll/clock.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { asPollStream } from './as-poll-stream.ts';
import { CheckError } from './check-error.ts';
import { holdProcess } from './hold-process.ts';
import { showValue } from './show-value.ts';

/** Calls a user's factory, which may do anything. Throws CheckError. */
export async function makeStream<Inner>(
  factory: (inner: Inner) => unknown,
  inner: Inner,
  timeoutMs: number,
  flows = false,
): Promise<PollStream> {
  let made: unknown;
  try {
    made = factory(inner);
    if (isThenable(made)) made = await inTime(made, timeoutMs);
  } catch (error) {
    if (error instanceof CheckError) throw error;
    throw new CheckError('CHECK_FACTORY_FAILED', `The factory threw ${showValue(error)}`, error);
  }
  return asPollStream(made, flows);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

async function inTime(made: PromiseLike<unknown>, timeoutMs: number): Promise<unknown> {
  let cancel = (): void => undefined;
  // Of a factory that waits for what never comes nothing else would: Node would end before its time is up.
  const release = holdProcess();
  const timeout = new Promise<never>((_resolve, reject) => {
    cancel = systemClock.after(timeoutMs, () => {
      reject(new CheckError('CHECK_FACTORY_TIMEOUT', `The factory's promise was not settled within ${timeoutMs} ms`));
    });
  });
  try {
    return await Promise.race([made, timeout]);
  } finally {
    cancel();
    release();
  }
}
