import { basename, dirname, join } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';
import { writeWhole } from '../explore/write-whole.ts';
import { readDocument } from '../scenario/find-documents.ts';
import { runDocument, type DocumentResult } from '../scenario/run-document.ts';
import type { Conversation } from './conversation.ts';
import { replayDocument, type ReplayDocumentOptions } from './replay-document.ts';

/** What was written, and what came of running it from there. */
export interface WrittenReplay {
  readonly path: string;
  /** Beside it. */
  readonly payload: readonly string[];
  readonly result: DocumentResult;
}

/**
 * Writes a conversation as a scenario document, with the bytes beside it that are too long to stand in it; then reads it back, and runs
 * it. Throws SCENARIO_MALFORMED if it is too long, and CAPSULE_UNWRITABLE, also where something else is there and `force` is not given.
 */
export async function writeReplayDocument(
  path: string,
  conversation: Conversation,
  options: Omit<ReplayDocumentOptions, 'baseName'> & { readonly force: boolean },
): Promise<WrittenReplay> {
  // A name that a document may have for a file beside it.
  const baseName = basename(path, '.md')
    .replaceAll(/[^\w.-]/g, '-')
    .replace(/^[^A-Za-z0-9]/, 'x')
    .slice(0, 80);
  const { text, payload } = replayDocument(conversation, { ...options, baseName });
  const files = [
    ...payload.map(({ name, bytes }) => ({ file: join(dirname(path), name), content: bytes })),
    { file: path, content: text },
  ];
  for (const { file, content } of files) {
    if ((await writeWhole(file, content, { replace: options.force })) === 'kept')
      throw new RelayscopeError(
        'CAPSULE_UNWRITABLE',
        `Cannot write ${file}: it is there already, and --force is not given`,
      );
  }
  const result = await runDocument(await readDocument(path));
  return { path, payload: payload.map(({ name }) => name), result };
}
