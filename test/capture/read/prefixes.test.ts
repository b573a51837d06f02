import { expect, test } from 'vitest';
import { outcomeOf } from '../support/pipeline.ts';
import { readAll } from '../support/read.ts';
import { seeds } from '../support/seeds.ts';

const SMALL = seeds().filter(({ name }) => ['talk 2', 'pcapng little', 'har', 'text gzip', 'text zstd'].includes(name));

/** The real ones are among the long tests. */
test.each(SMALL)('every beginning of $name is read, or refused with a place', async ({ bytes }) => {
  const outcomes = new Set<string>();
  for (let length = 0; length < bytes.length; length += 1)
    outcomes.add(await outcomeOf(bytes.subarray(0, length), Math.max(1, length)));
  outcomes.delete('read');
  expect([...outcomes]).toEqual(['CAPTURE_MALFORMED']);
});

/** A killed tcpdump leaves such a file: whatever was written whole is there, and that it is cut is noted. */
test('a beginning of a capture has the packets that are whole', async () => {
  const bytes = seeds().find(({ name }) => name === 'talk 2')?.bytes ?? Buffer.alloc(0);
  const { packets } = await readAll(bytes);
  for (let length = 24; length < bytes.length; length += 1) {
    const cut = await readAll(bytes.subarray(0, length));
    const whole = packets.filter(({ fileOffset, hex }) => fileOffset + 16 + hex.length / 2 <= length);
    expect(cut.packets).toEqual(whole);
    const isCut = !packets.some(({ fileOffset }) => fileOffset === length);
    expect(cut.notes.filter(({ kind }) => kind === 'cut')).toHaveLength(isCut ? 1 : 0);
  }
});
