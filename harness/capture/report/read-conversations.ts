import { CaptureError } from '../capture-error.ts';
import type { CaptureNote } from '../capture-note.ts';
import type { CapturedPacket, PacketSink } from '../captured-packet.ts';
import type { ConversationSink } from '../conversation-event.ts';
import { SegmentReader } from '../packet/segment-reader.ts';
import { ConversationDecoder } from '../protocol/conversation-decoder.ts';
import { readCapture, type CaptureForm } from '../read/read-capture.ts';
import { FlowTable } from '../tcp/flow-table.ts';
import { inFile } from './in-file.ts';
import { untilAborted } from './until-aborted.ts';

/** What is told beside the conversations. */
export interface CaptureWatch {
  packet(packet: CapturedPacket): void;
  note(note: CaptureNote): void;
  /** A packet without a TCP segment that could be followed. */
  other(packet: CapturedPacket, why: string): void;
}

/** What came of reading a capture: its form, unless damage kept that from being known; and the damage that ended it. */
export interface ReadOutcome {
  readonly form: CaptureForm | null;
  readonly error: CaptureError | null;
}

/**
 * Reads a capture into conversations. Damage in the middle ends it and is returned, after all that came before it has been
 * told, with `name` in front of its message. `signal` ends it early, as if the capture ended there.
 */
export async function readConversations(
  capture: { readonly name: string; readonly bytes: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
  sink: ConversationSink,
  watch: CaptureWatch,
): Promise<ReadOutcome> {
  const { name, bytes, signal } = capture;
  const table = new FlowTable(new ConversationDecoder(sink), (packet, why) => {
    watch.other(packet, why);
  });
  const segments = new SegmentReader(table, (note) => {
    watch.note(note);
  });
  let form: CaptureForm | null = null;
  let error: CaptureError | null = null;
  try {
    form = await readCapture(untilAborted(bytes, signal), watched(segments, watch), sink);
  } catch (thrown) {
    if (!(thrown instanceof CaptureError)) throw thrown;
    error = inFile(name, thrown);
  }
  table.end();
  return { form, error: signal.aborted ? null : error };
}

function watched(segments: SegmentReader, watch: CaptureWatch): PacketSink {
  return {
    packet(packet) {
      watch.packet(packet);
      segments.packet(packet);
    },
    note(note) {
      segments.note(note);
    },
    settle() {
      segments.settle();
    },
  };
}
