import type { InspectorClient } from '../../src/watch/inspector-client.ts';
import type { ConnectionNote } from '../../src/trace/trace-note.ts';
import { evaluateObject, type RemoteObject } from './evaluate.ts';

/** What a recorder in the other process holds, copied at one moment. */
export interface RecorderCopy {
  /** The memory of its ring, as it stood. */
  readonly buffer: SharedArrayBuffer;
  readonly connections: readonly ConnectionNote[];
  /** Milliseconds since its trace began. */
  readonly elapsedMs: number;
  /** When that was, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Recorders that the program shows beside this one; they were not read. */
  readonly others: number;
}

/** The largest ring that a recorder can have fits many times; what is larger is none. */
const MAX_RING_BYTES = 1024 * 1024 * 1024;
const PIECE_BYTES = 3 * 1024 * 1024;
const MAX_CONNECTIONS = 4096;

/**
 * Runs in the other process. A copy is taken at once, while the recording thread, which is the one that runs this, does
 * nothing else. Of several recorders it is the one with the most records (words 3 and 4 of a ring are their number). The calendar is that of the other process, whose trace it is.
 */
const COPIER = `(() => {
  const shown = globalThis[Symbol.for('relayscope.recorders')];
  const recorders = shown && typeof shown[Symbol.iterator] === 'function' ? [...shown] : [];
  const records = ({ buffer }) => { const words = new Int32Array(buffer); return words[4] * 0x100000000 + (words[3] >>> 0); };
  let [chosen] = recorders;
  for (const recorder of recorders) if (records(recorder) > records(chosen)) chosen = recorder;
  if (chosen === undefined || chosen.buffer.byteLength > ${MAX_RING_BYTES}) return { found: false };
  const connections = [];
  try {
    chosen.notes.listen((item) => { if (item.kind === 'connection') connections.push(item.note); })();
  } catch {}
  const { Date: Calendar } = globalThis;
  const elapsedMs = typeof chosen.elapsedMs === 'function' ? chosen.elapsedMs() : 0;
  return {
    found: true,
    copy: new Uint8Array(chosen.buffer.slice(0)),
    connections: connections.slice(-${MAX_CONNECTIONS}),
    elapsedMs,
    startedAtMs: Calendar.now() - elapsedMs,
    others: recorders.length - 1,
  };
})()`;

interface Head {
  readonly found: boolean;
  readonly bytes: number;
  readonly connections: readonly ConnectionNote[];
  readonly elapsedMs: number;
  readonly startedAtMs: number;
  readonly others: number;
}

/** The recorder that a program shows under `Symbol.for('relayscope.recorders')`; null if it shows none. */
export async function readRecorder(client: InspectorClient): Promise<RecorderCopy | null> {
  const copier = await evaluateObject(client, COPIER);
  // COPIER makes exactly that; the file's writer checks the notes, which are the program's.
  const head = (await copier.call(
    'function () { const { copy, ...rest } = this; return { ...rest, bytes: copy ? copy.length : 0 }; }',
  )) as Head;
  if (!head.found || head.bytes > MAX_RING_BYTES) return null;
  const buffer = new SharedArrayBuffer(head.bytes);
  await copyInto(new Uint8Array(buffer), copier);
  const { connections, elapsedMs, startedAtMs, others } = head;
  return { buffer, connections, elapsedMs, startedAtMs, others };
}

/** In pieces, because a message has its limit. */
async function copyInto(bytes: Uint8Array, copier: RemoteObject): Promise<void> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    const end = Math.min(bytes.length, start + PIECE_BYTES);
    const piece = await copier.call(
      `function (start, end) { return Buffer.from(this.copy.buffer, start, end - start).toString('base64'); }`,
      start,
      end,
    );
    const part = Buffer.from(String(piece), 'base64');
    bytes.set(part.subarray(0, end - start), start);
  }
}
