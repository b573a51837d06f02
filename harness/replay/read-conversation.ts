import { SegmentReader } from '../capture/packet/segment-reader.ts';
import { readCapture } from '../capture/read/read-capture.ts';
import { FlowTable } from '../capture/tcp/flow-table.ts';
import { ConversationReader, type ConversationChoice } from './conversation-reader.ts';
import type { Conversation } from './conversation.ts';

/**
 * Reads one connection of a capture as what its two sides said. Bytes that are not in the capture are filled in, and named.
 * Throws a CaptureError, REPLAY_FLOW_UNKNOWN, REPLAY_NOTHING_SAID, REPLAY_LEVEL_UNKNOWN.
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
  await readCapture(source, new SegmentReader(table));
  table.end();
  return reader.conversation(name);
}
