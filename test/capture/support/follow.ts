import { SegmentReader } from '../../../harness/capture/packet/segment-reader.ts';
import { readCapture } from '../../../harness/capture/read/read-capture.ts';
import type { FlowDirection, FlowSink, StreamConflict, StreamGap, TcpFlow } from '../../../harness/capture/tcp-flow.ts';
import { FlowTable } from '../../../harness/capture/tcp/flow-table.ts';

/** What was found of one connection. */
export interface Followed {
  readonly flow: TcpFlow;
  /** Its bytes, with nothing where a gap is. */
  readonly bytes: readonly [Buffer, Buffer];
  readonly gaps: readonly [StreamGap[], StreamGap[]];
  readonly ends: string[];
  /** `a at 5`, by the first byte that differs. */
  readonly conflicts: string[];
  isClosed: boolean;
}

/** Follows the connections of a capture, in pieces of so many bytes. */
export async function follow(capture: Uint8Array, chunkBytes = capture.length): Promise<Followed[]> {
  const sink = new Collector();
  const table = new FlowTable(sink);
  await readCapture(pieces(capture, chunkBytes), new SegmentReader(table));
  table.end();
  return sink.list;
}

/** In memory that is used again, as a file's reader does. */
export async function* pieces(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(chunkBytes);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const n = Math.min(chunkBytes, bytes.length - at);
    memory.fill(0xee);
    memory.set(bytes.subarray(at, at + n));
    yield memory.subarray(0, n);
    await Promise.resolve();
  }
}

class Collector implements FlowSink {
  readonly list: (Followed & { bytes: [Buffer, Buffer] })[] = [];

  opened(flow: TcpFlow): void {
    const bytes: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
    this.list.push({ flow, bytes, gaps: [[], []], ends: [], conflicts: [], isClosed: false });
  }

  data(flow: TcpFlow, direction: FlowDirection, bytes: Uint8Array, start: number, end: number): void {
    const { bytes: both } = this.#of(flow);
    both[direction] = Buffer.concat([both[direction], bytes.subarray(start, end)]);
  }

  gap(flow: TcpFlow, direction: FlowDirection, gap: StreamGap): void {
    this.#of(flow).gaps[direction].push(gap);
  }

  conflict(flow: TcpFlow, direction: FlowDirection, { offset }: StreamConflict): void {
    this.#of(flow).conflicts.push(`${direction === 0 ? 'a' : 'b'} at ${offset}`);
  }

  ended(flow: TcpFlow, direction: FlowDirection, how: string): void {
    this.#of(flow).ends.push(`${direction === 0 ? 'a' : 'b'} ${how}`);
  }

  closed(flow: TcpFlow): void {
    this.#of(flow).isClosed = true;
  }

  #of(flow: TcpFlow): Followed & { bytes: [Buffer, Buffer] } {
    const found = this.list.find((one) => one.flow === flow);
    if (found === undefined) throw new Error(`Flow ${flow.id} was not opened`);
    return found;
  }
}
