/** Of a longer line only so much is looked at: what was printed for a person is shorter. */
export const MAX_PRINTED_CHARS = 4096;

/**
 * Lines of text out of bytes, without their ends, many at a time: UTF-8, or UTF-16 with its mark (what a shell on
 * Windows redirects). A line is cut at MAX_PRINTED_CHARS, so that a file without line ends cannot fill the memory.
 */
export async function* textLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let rest = '';
  for await (const bytes of source) {
    decoder ??= new TextDecoder(encodingOf(bytes));
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_PRINTED_CHARS);
    if (lines.length > 0) yield lines.map(trimmed);
  }
  rest += decoder?.decode() ?? '';
  if (rest !== '') yield [trimmed(rest)];
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

function trimmed(line: string): string {
  const end = line.endsWith('\r') ? line.length - 1 : line.length;
  return line.slice(0, Math.min(end, MAX_PRINTED_CHARS));
}
