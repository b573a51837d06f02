import { relative } from 'node:path';
import type { TestContext } from 'vitest';

const ANNOTATION_TYPE = 'relayscope';
const DEFAULT_ABOUT = 'trace';
const TRACE_TYPE = 'application/vnd.relayscope.trace';

/**
 * Says under a test where a trace of it is, with the command that reads it, and attaches the file, for reporters that show
 * attachments.
 *
 * Vitest refuses annotations of a test that has failed already, which is when a fixture is taken down; but the test is not over,
 * and takes one if its state says so for as long as the call lasts.
 */
export async function attachTrace(
  context: Pick<TestContext, 'task' | 'annotate'>,
  path: string,
  root: string,
  about = DEFAULT_ABOUT,
): Promise<void> {
  const shown = relative(root, path);
  const message = `${about}: relayscope why ${shown}`;
  const { result } = context.task;
  const state = result?.state;
  try {
    let annotated: Promise<unknown>;
    try {
      if (result !== undefined) result.state = 'run';
      annotated = context.annotate(message, ANNOTATION_TYPE, { path, contentType: TRACE_TYPE });
    } finally {
      if (result !== undefined && state !== undefined) result.state = state;
    }
    await annotated;
  } catch (error) {
    // What cannot be attached can still be read where it is: no reason for another failure.
    console.error(`${message} (not attached: ${String(error)})`);
  }
}

/** Whether an annotation of a test names the trace of that which failed, and not one that a fixture has of it beside. */
export function isTraceNote(type: string, message: string): boolean {
  return type === ANNOTATION_TYPE && message.startsWith(`${DEFAULT_ABOUT}: `);
}
