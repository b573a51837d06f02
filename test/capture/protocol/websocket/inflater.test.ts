import type * as Zlib from 'node:zlib';
import { constants, deflateRawSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { Inflater } from '../../../../harness/capture/protocol/websocket/inflater.ts';

/** What the context of each message took. */
const dictionaries: { readonly length: number; readonly memory: number }[] = [];

vi.mock('node:zlib', async (original) => {
  const zlib = await original<typeof Zlib>();
  const inflateRawSync: typeof zlib.inflateRawSync = (bytes, options) => {
    const { dictionary } = options ?? {};
    if (ArrayBuffer.isView(dictionary))
      dictionaries.push({ length: dictionary.byteLength, memory: dictionary.buffer.byteLength });
    return zlib.inflateRawSync(bytes, options);
  };
  return { ...zlib, inflateRawSync };
});

function deflated(text: string): Buffer {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

test('of a long message the window alone is kept, not the memory of all of it', () => {
  const inflater = new Inflater();
  inflater.inflate(deflated('long '.repeat(1_000_000)));
  inflater.inflate(deflated('short'));
  inflater.inflate(deflated('short'));
  expect(dictionaries.map(({ length }) => length)).toEqual([32_768, 32_768]);
  for (const { memory } of dictionaries) expect(memory).toBeLessThanOrEqual(65_536);
});
