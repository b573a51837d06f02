import { printable } from '../../src/printable.ts';
import { counted, thousands } from '../report/format-number.ts';
import type { CopySide } from './copy-summary.ts';
import type { FlowWay, JoinedDirection } from './joined-direction.ts';

/**
 * Where the bytes of a direction stop. `frame`: in a message that is not whole. `socket`: they reached the socket that the copy
 * reads from, and were not read. `copy-buffer`: read, and not let go. `writer`: written, and not seen on the other side. `network`:
 * sent, and not acknowledged. Null: nowhere.
 */
export type StopsAt = 'frame' | 'socket' | 'copy-buffer' | 'writer' | 'network' | null;

export interface JudgedDirection {
  readonly stopsAt: StopsAt;
  /** With the numbers, to be read after the direction's name and a colon. */
  readonly message: string;
}

/** Follows the bytes of a direction from layer to layer until they stop. @param end how the copy ended, by its trace. */
export function judgeDirection(joined: JoinedDirection, end = 'completed'): JudgedDirection {
  const judged = stoppedInFrame(joined) ?? stoppedInBuffer(joined) ?? unread(joined) ?? unsent(joined);
  const { stopsAt, message } = judged ?? passed(joined);
  // Why it stopped, if it is the copy that did.
  return end === 'completed'
    ? { stopsAt, message }
    : { stopsAt, message: `${message}; the copy ended: ${printable(end)}` };
}

/** The loop stands at a place that it cannot leave, or bytes were read that were not let go. */
function stoppedInBuffer(joined: JoinedDirection): JudgedDirection | null {
  const { copy } = joined;
  const { place, read, taken } = copy;
  // More was reported than there was: tokio's later releases take no harm from it, and go on.
  const isPast = place !== null && place.pos > place.cap && !copy.isShutDown;
  if (!isPast && copy.buffered === 0) return null;
  const at = place === null ? '' : ` (pos ${place.pos}, cap ${place.cap})`;
  const why = [
    ...(copy.wrongWrite === null
      ? []
      : [
          `its writer was offered ${thousands(copy.wrongWrite.offered)} and reported ${thousands(copy.wrongWrite.reported)}`,
        ]),
    ...(copy.rounds > 0 ? [`the loop went round ${thousands(1 + copy.rounds)} times`] : []),
    ...waitOf(copy),
    ...(joined.target !== null && taken.bytes > 0 ? [`${arrived(joined.target)} at ${joined.to}`] : []),
  ];
  const tail = why.length === 0 ? '' : `; ${why.join('; ')}`;
  return {
    stopsAt: 'copy-buffer',
    message: `stopped in the copy buffer at ${thousands(taken.bytes)} of ${counted(read.bytes, 'byte')}${at}${tail}`,
  };
}

/** What its latest call waits for. */
function waitOf({ latest, isPending, hasFailed }: CopySide): string[] {
  if (hasFailed) return ['a call has failed'];
  return isPending && latest !== null && latest !== 'read' ? [`its ${latest} waits`] : [];
}

/** All that was whole has been read, and what is left is not whole. */
function stoppedInFrame({ source, from, copy }: JoinedDirection): JudgedDirection | null {
  if (source === null || copy.read.bytes < source.bytes) return null;
  const { unfinishedFrameBytes, side } = source;
  const missing = side.frameBytes - side.seenFrameBytes;
  if (unfinishedFrameBytes === 0 && missing <= 0) return null;
  const what =
    missing > 0
      ? `${thousands(missing)} of the ${counted(side.frameBytes, 'byte')} in its ${counted(side.frames, 'frame')} are not in the capture`
      : `after ${counted(side.frames, 'whole frame')} the last ${counted(unfinishedFrameBytes, 'byte')} are of one that is not whole`;
  return { stopsAt: 'frame', message: `stopped in a frame at ${from}'s socket: ${what}` };
}

function unread({ source, copy, from }: JoinedDirection): JudgedDirection | null {
  if (source === null || source.bytes <= copy.read.bytes) return null;
  const calls = `pollRead was called ${counted(copy.readCalls, 'time')}`;
  const reached = `${counted(source.bytes, 'byte')} reached ${from}'s socket${framing(source)}`;
  const message =
    copy.read.bytes === 0
      ? `${reached} and were never read (${calls})`
      : `stopped at ${from}'s socket: ${reached}, and ${thousands(copy.read.bytes)} were read (${calls})`;
  return { stopsAt: 'socket', message };
}

function unsent({ target, copy, to }: JoinedDirection): JudgedDirection | null {
  if (target === null) return null;
  const { taken } = copy;
  if (target.bytes < taken.bytes) {
    // The rest may well have been sent: the capture cannot tell.
    if (target.isPartial) return null;
    return {
      stopsAt: 'writer',
      message: `stopped between the copy and ${to}'s socket: ${counted(taken.bytes, 'byte')} written, ${thousands(target.bytes)} sent${framing(target)}`,
    };
  }
  const { tcp, acknowledgedBytes, packets } = target.side;
  if (packets === 0 || acknowledgedBytes === 0 || acknowledgedBytes >= tcp.bytes) return null;
  return {
    stopsAt: 'network',
    message: `stopped on the way to ${to}: of ${counted(tcp.bytes, 'byte')} on the wire ${thousands(acknowledgedBytes)} were acknowledged`,
  };
}

function passed({ source, copy, target, to, from }: JoinedDirection): JudgedDirection {
  const { read, taken } = copy;
  if (read.bytes === 0) {
    const seen = source === null ? '' : ` reached ${from}'s socket, and nothing`;
    return { stopsAt: null, message: `nothing${seen} was read` };
  }
  const isAllSeen = target === null || target.bytes >= taken.bytes;
  const all = isAllSeen
    ? `all ${counted(taken.bytes, 'byte')} passed`
    : `${counted(taken.bytes, 'byte')} written, and not all of what ${to}'s socket carried is in the capture`;
  const there =
    target === null ? `: written to ${to}, whose flow is not in the capture` : `: ${arrived(target)} at ${to}`;
  const isEndMissing = source?.side.end === 'fin' && !copy.readDone;
  return {
    stopsAt: null,
    message: `${all}${there}${isEndMissing ? `; ${from} has ended, and that was not read` : ''}`,
  };
}

/** `68 arrived in 1 tunnel message (75 bytes with framing)` */
function arrived(way: FlowWay): string {
  return `${thousands(way.bytes)} arrived${framing(way)}`;
}

/** In how many messages, and how much they are with what is around them. */
export function framing({ carriedBy, side, preambleBytes }: FlowWay): string {
  switch (carriedBy) {
    case 'tunnel':
      return ` in ${counted(side.tunnel.steps, 'tunnel message')}`;
    case 'websocket':
      return ` in ${counted(side.webSocket.steps, 'WebSocket message')}`;
    case 'socks':
      return ` after ${counted(preambleBytes, 'byte')} of SOCKS`;
    case 'tcp':
      return '';
  }
}
