import { createReadStream } from 'node:fs';
import { RelayscopeError } from '../../src/errors.ts';

/** A longer line is refused: no document of ours has one, and a file without line ends must not fill the memory. */
export const MAX_LINE_CHARS = 16 * 1024 * 1024;

/** The lines of a file, without their ends, one at a time. Throws LINE_TOO_LONG, and what the file system says. */
export async function* readLines(file: string, signal: AbortSignal): AsyncGenerator<string> {
  let rest = '';
  let line = 1;
  for await (const part of createReadStream(file, { encoding: 'utf8', signal }) as AsyncIterable<string>) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      yield text.replace(/\r$/, '');
      line += 1;
    }
    if (rest.length > MAX_LINE_CHARS) {
      throw new RelayscopeError(
        'LINE_TOO_LONG',
        `Line ${line} is too long: expected at most ${MAX_LINE_CHARS} characters`,
      );
    }
  }
  if (rest !== '') yield rest;
}
