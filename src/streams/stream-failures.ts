import { StreamError } from './stream-error.ts';

/** The failures that more than one kind of stream has. */

export function streamAborted(reason: Error): StreamError {
  return new StreamError('STREAM_ABORTED', `Stream aborted: ${reason.message}`, {}, { cause: reason });
}

export function writeAfterShutdown(offered: number): StreamError {
  return new StreamError('WRITE_AFTER_SHUTDOWN', `Write after shutdown: ${offered} bytes were offered`);
}
