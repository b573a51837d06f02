import { CaptureError } from '../capture/capture-error.ts';
import { SegmentReader } from '../capture/packet/segment-reader.ts';
import { readCapture } from '../capture/read/read-capture.ts';
import { inFile } from '../capture/report/in-file.ts';
import { FlowTable } from '../capture/tcp/flow-table.ts';
import { ConversationReader, type ConversationChoice } from './conversation-reader.ts';
import type { Conversation } from './conversation.ts';

/**
 * Reads one connection of a capture as what its two sides said. Bytes that are not in the capture are filled in, and named.
 * Throws a CaptureError, REPLAY_NOTHING_SAID, REPLAY_LEVEL_UNKNOWN.
 *
 * @param name of the capture, as a person knows it.
 */
export async function readConversation(
  source: AsyncIterable<Uint8Array>,
  name: string,
  choice: ConversationChoice = {},
): Promise<Conversation> {
  const reader = new ConversationReader(choice);
  const table = new FlowTable(reader);
  try {
    await readCapture(source, new SegmentReader(table));
  } catch (error) {
    throw error instanceof CaptureError ? inFile(name, error) : error;
  }
  table.end();
  return reader.conversation(name);
}
