import { CaptureError } from '../../../harness/capture/capture-error.ts';
import { SegmentReader } from '../../../harness/capture/packet/segment-reader.ts';
import { ConversationDecoder } from '../../../harness/capture/protocol/conversation-decoder.ts';
import { readCapture } from '../../../harness/capture/read/read-capture.ts';
import { FlowTable } from '../../../harness/capture/tcp/flow-table.ts';
import { Decoded } from './decode.ts';
import { pieces } from './follow.ts';

/** How reading ended: `read`, or the code of the error, which says where. Anything else is thrown. */
export async function outcomeOf(capture: Uint8Array, chunkBytes: number): Promise<string> {
  const decoded = new Decoded();
  const table = new FlowTable(new ConversationDecoder(decoded));
  try {
    await readCapture(pieces(capture, chunkBytes), new SegmentReader(table), decoded);
    return 'read';
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    const { fileOffset, line } = error.place;
    if (fileOffset === undefined && line === undefined) throw error;
    if (/[\n\r]/.test(error.message)) throw error;
    return error.code;
  } finally {
    // What came before the error counts.
    table.end();
  }
}
