import type { CaptureNote } from '../../../harness/capture/capture-note.ts';
import type { CapturedPacket } from '../../../harness/capture/captured-packet.ts';
import { readCapture, type CaptureForm } from '../../../harness/capture/read/read-capture.ts';
import { pieces } from './follow.ts';

/** A packet that is kept. */
export interface ReadPacket extends Omit<CapturedPacket, 'bytes' | 'start' | 'end'> {
  readonly hex: string;
}

export interface ReadResult {
  readonly form: CaptureForm | null;
  readonly packets: ReadPacket[];
  readonly notes: CaptureNote[];
  /** What reading ended with. */
  readonly error: unknown;
}

/** All that a capture holds, in pieces of so many bytes, and how reading it ended. */
export async function readAll(capture: Uint8Array, chunkBytes = Math.max(1, capture.length)): Promise<ReadResult> {
  const packets: ReadPacket[] = [];
  const notes: CaptureNote[] = [];
  const sink = {
    packet: ({ bytes, start, end, ...rest }: CapturedPacket): void => {
      packets.push({ ...rest, hex: Buffer.from(bytes.subarray(start, end)).toString('hex') });
    },
    note: (note: CaptureNote): void => {
      notes.push(note);
    },
  };
  try {
    const form = await readCapture(pieces(capture, chunkBytes), sink);
    return { form, packets, notes, error: null };
  } catch (error) {
    return { form: null, packets, notes, error };
  }
}
