import type { Io } from '../../io.ts';

/** So much is written at a time. */
const PIECE_CHARS = 65_536;

/** Writes a text of any length, no faster than it is read, until that is stopped. */
export async function writePieces(pieces: Iterable<string>, { stdout, signal }: Io): Promise<void> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < PIECE_CHARS) continue;
    stdout.write(text);
    text = '';
    await stdout.drain?.();
    if (signal.aborted) return;
  }
  stdout.write(text);
}
