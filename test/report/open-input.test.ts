import { expect, test } from 'vitest';
import { withInput } from '../../harness/report/open-input.ts';
import { capturedIo } from '../cli/captured-io.ts';

/** A standard input that knows whether it has been let go. */
function watched(text: string): { stdin: AsyncIterable<Uint8Array>; closed: () => boolean } {
  let isClosed = false;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield await Promise.resolve(Buffer.from(text));
    } finally {
      isClosed = true;
    }
  }
  return { stdin: bytes(), closed: () => isClosed };
}

test('what was opened is closed: unread, half read, or no trace at all', async () => {
  const line = 'a -> b pos=1 cap=2\n';
  const unread = watched(line);
  await withInput('-', { ...capturedIo().io, stdin: unread.stdin }, () => Promise.resolve());
  expect(unread.closed()).toBe(true);

  const failing = watched(line);
  const failed = withInput('-', { ...capturedIo().io, stdin: failing.stdin }, async ({ items }) => {
    for await (const item of items) throw new Error(item.kind);
  });
  await expect(failed).rejects.toThrow('records');
  expect(failing.closed()).toBe(true);

  const wrong = watched('\u{1f}\u{8b}'.repeat(20));
  await withInput('-', { ...capturedIo().io, stdin: wrong.stdin }, () => Promise.resolve());
  expect(wrong.closed()).toBe(true);
  const packed = { ...capturedIo().io, stdin: watchedBytes(Uint8Array.of(0x1f, 0x8b, 8, 0)) };
  await expect(withInput('-', packed, () => Promise.resolve())).rejects.toMatchObject({ code: 'TRACE_MALFORMED' });
});

async function* watchedBytes(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
