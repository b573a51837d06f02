import { expect } from 'vitest';
import { decodeRecords } from '../../../src/trace/decode-records.ts';
import { encodeChunk, paddedBytes } from '../../../src/trace/file/chunk.ts';
import { readNdjson } from '../../../src/trace/file/open-trace.ts';
import { readTraceBytes } from '../../../src/trace/file/read-trace-bytes.ts';
import { TraceError } from '../../../src/trace/file/trace-error.ts';
import { ndjsonToTrace, traceToNdjson } from '../../../src/trace/file/trace-to-ndjson.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { EVERY_KIND, reads, traceOf } from './sample.ts';

/** Something of everything: records taken back, a gap, an extension, strings in a row. */
export const SAMPLE = traceOf([...EVERY_KIND, reads(1, 4), reads(100, 3), ...EVERY_KIND.slice(0, 3), reads(101, 0)]);

/** A number of 0 … below, from a sequence that a seed determines (mulberry32). */
export type Dice = (below: number) => number;

export function dice(seed: number): Dice {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x100000000) * below);
  };
}

/** Changes some bytes, takes some out, puts some in, or doubles some. */
export function mutate(bytes: Buffer, roll: Dice): Buffer {
  let result = Buffer.from(bytes);
  for (let times = 1 + roll(3); times > 0; times -= 1) {
    // The header is short, and would seldom be met.
    const at = roll(roll(6) === 0 ? Math.min(40, result.length) : result.length);
    const length = 1 + roll(roll(8) === 0 ? 200 : 8);
    const [before, after] = [result.subarray(0, at), result.subarray(at)];
    const noise = Buffer.from(Array.from({ length }, () => EDGES[roll(EDGES.length)] ?? roll(256)));
    switch (roll(5)) {
      case 0:
        result = Buffer.concat([before, after.subarray(length)]);
        break;
      case 1:
        result = Buffer.concat([before, noise, after]);
        break;
      case 2:
        result = Buffer.concat([before, after.subarray(0, length), after]);
        break;
      case 3:
        result[at] = (result[at] ?? 0) ^ (1 << roll(8));
        break;
      default:
        result.set(noise.subarray(0, result.length - at), at);
    }
  }
  return result;
}

/** The bytes that limits and texts are made of, and others by chance. */
const EDGES = [
  0,
  1,
  0x7f,
  0x80,
  0xff,
  0x0a,
  0x22,
  0x7b,
  0x7d,
  0x2d,
  0x39,
  0x65,
  undefined,
  undefined,
  undefined,
  undefined,
];

/** The same within the bodies of chunks, whose checksums are right again: what only the meaning of a chunk can refuse. */
export function mutateBodies(bytes: Buffer, roll: Dice): Buffer {
  const chunks: Uint8Array[] = [bytes.subarray(0, 32)];
  for (let at = 32; at < bytes.length;) {
    const body = bytes.subarray(at + 16, at + 16 + bytes.readUInt32LE(at + 4));
    const type = roll(40) === 0 ? 1 + roll(12) : bytes.readUInt32LE(at);
    chunks.push(encodeChunk(type, roll(8) === 0 && body.length > 0 ? mutate(body, roll) : body));
    at += 16 + paddedBytes(body.length);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads it in both ways that there are, to the end, and makes events of all records. Either a typed error with an
 * offset within the file comes, or items; returns which.
 */
export async function survive(bytes: Buffer, form: 'trace' | 'ndjson'): Promise<'error' | 'warned' | 'read'> {
  const read = form === 'trace' ? readTraceBytes : readNdjson;
  const convert = form === 'trace' ? traceToNdjson : ndjsonToTrace;
  const items = await settle(read([bytes]), bytes.length);
  const converted = await settle<string | Uint8Array>(convert([bytes]), bytes.length);
  expect(converted === null).toBe(items === null);
  if (items === null) return 'error';
  let next = 0;
  for (const item of items) {
    if (item.kind === 'warning') expect(item.offset).toBeLessThanOrEqual(bytes.length);
    if (item.kind !== 'records') continue;
    expect(item.firstSeq).toBeGreaterThanOrEqual(next);
    next = item.firstSeq + item.words.length / 8;
    expect(decodeRecords(item.words, item.firstSeq).length).toBeLessThanOrEqual(item.words.length / 8);
  }
  return items.some(({ kind }) => kind === 'warning') ? 'warned' : 'read';
}

async function settle<T extends TraceItem | string | Uint8Array>(
  source: AsyncIterable<T>,
  length: number,
): Promise<T[] | null> {
  const all: T[] = [];
  try {
    for await (const one of source) all.push(one);
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    expect(['TRACE_MALFORMED', 'TRACE_UNSUPPORTED']).toContain(error.code);
    expect(error.place.offset).toBeGreaterThanOrEqual(0);
    expect(error.place.offset).toBeLessThanOrEqual(length);
    return null;
  }
  return all;
}
