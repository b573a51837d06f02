import { closeLost } from './close-lost.ts';
import { closeUnanswered } from './close-unanswered.ts';
import { closeWithoutCode } from './close-without-code.ts';
import { closeCode } from './close-code.ts';
import { closeReason } from './close-reason.ts';
import { closeTwice } from './close-twice.ts';
import { closeBeforeData } from './close-before-data.ts';
import { finWithoutClose } from './fin-without-close.ts';
import { rstWithoutClose } from './rst-without-close.ts';
import { pongLost } from './pong-lost.ts';
import { pingFlood } from './ping-flood.ts';
import { pongUnasked } from './pong-unasked.ts';
import { pingBetweenFragments } from './ping-between-fragments.ts';
import { controlTooLong } from './control-too-long.ts';
import { controlFragmented } from './control-fragmented.ts';
import { fragment } from './fragment.ts';
import { emptyMessage } from './empty-message.ts';
import { emptyContinuation } from './empty-continuation.ts';
import { maskFlipped } from './mask-flipped.ts';
import { reservedBit } from './reserved-bit.ts';
import { reservedOpcode } from './reserved-opcode.ts';
import { lengthLies } from './length-lies.ts';
import { utf8Broken } from './utf8-broken.ts';
import { torn } from './torn.ts';
import { coalesced } from './coalesced.ts';
import { firstFrameWith101 } from './first-frame-with-101.ts';
import { deflateTail } from './deflate-tail.ts';
import { deflateContext } from './deflate-context.ts';
import { deflateRsv1Continuation } from './deflate-rsv1-continuation.ts';
import { deflateBomb } from './deflate-bomb.ts';
import { messageDropped } from './message-dropped.ts';
import { messageDoubled } from './message-doubled.ts';
import { messagesSwapped } from './messages-swapped.ts';
import { messageDelayed } from './message-delayed.ts';
import type { WebSocketFault } from './web-socket-fault.ts';

/** The faults in the frames of a WebSocket, one file each. */
export const WEB_SOCKET_FAULTS: readonly WebSocketFault[] = [
  closeLost,
  closeUnanswered,
  closeWithoutCode,
  closeCode,
  closeReason,
  closeTwice,
  closeBeforeData,
  finWithoutClose,
  rstWithoutClose,
  pongLost,
  pingFlood,
  pongUnasked,
  pingBetweenFragments,
  controlTooLong,
  controlFragmented,
  fragment,
  emptyMessage,
  emptyContinuation,
  maskFlipped,
  reservedBit,
  reservedOpcode,
  lengthLies,
  utf8Broken,
  torn,
  coalesced,
  firstFrameWith101,
  deflateTail,
  deflateContext,
  deflateRsv1Continuation,
  deflateBomb,
  messageDropped,
  messageDoubled,
  messagesSwapped,
  messageDelayed,
];
