import type { SocketNote } from '../../src/trace/trace-note.ts';
import type { InsideSocket } from './inside-look.ts';
import type { KernelSocket } from './kernel-sockets.ts';

/** One socket, as the program's objects and the kernel's queues tell together. `state` says what it waits for. */
export interface SocketReport extends SocketNote {
  /** Bytes that have arrived and that the program has not asked for; null where it is not known. */
  readonly unread: number | null;
  /** Bytes that have left the program and that the peer has not taken. */
  readonly unsent: number | null;
  /** Whether bytes went through it while it was watched. */
  readonly moved: boolean;
  /** Bytes, or an end, are there that nobody asks for. */
  readonly isUnread: boolean;
  /** It waits for its peer to take what it has. */
  readonly isFull: boolean;
  readonly isListening: boolean;
}

/** What is known of the sockets at one moment. `inside` is null where the thread cannot be asked. */
export interface SocketsMoment {
  readonly inside: readonly InsideSocket[] | null;
  readonly kernel: readonly KernelSocket[] | null;
}

/** What each socket waits for, from two moments. Only what was there at both tells whether bytes move. */
export function reportSockets(before: SocketsMoment, after: SocketsMoment): SocketReport[] {
  const kernelBefore = new Map((before.kernel ?? []).map((socket) => [socket.inode, socket]));
  const insideBefore = new Map((before.inside ?? []).map((socket) => [socket.id, socket]));
  const left = new Set(after.kernel ?? []);
  const reports = (after.inside ?? []).map((inside) => {
    const kernel = [...left].find((one) => isSame(inside, one)) ?? null;
    if (kernel !== null) left.delete(kernel);
    return reportSocket(
      { inside: insideBefore.get(inside.id) ?? null, kernel: kernelBefore.get(kernel?.inode ?? '') ?? null },
      { inside, kernel },
    );
  });
  const others = [...left].map((kernel) =>
    reportSocket({ inside: null, kernel: kernelBefore.get(kernel.inode) ?? null }, { inside: null, kernel }),
  );
  return [...reports, ...others];
}

interface SocketMoment {
  readonly inside: InsideSocket | null;
  readonly kernel: KernelSocket | null;
}

function isSame(inside: InsideSocket, kernel: KernelSocket): boolean {
  if (inside.fd >= 0) return inside.fd === kernel.fd;
  return inside.local === kernel.local && (inside.kind === 'server' || inside.remote === kernel.remote);
}

function reportSocket(before: SocketMoment, after: SocketMoment): SocketReport {
  const { inside, kernel } = after;
  const isListening = inside?.kind === 'server' || kernel?.state === 'listening';
  const isFlowing = inside?.flowing === true && !inside.connecting;
  const [unread, unsent] = [isListening ? null : (kernel?.unread ?? null), kernel?.unsent ?? null];
  const local = inside?.local || kernel?.local;
  const remote = isListening ? undefined : inside?.remote || kernel?.remote;
  const waits = (unread ?? 0) + (inside?.readableLength ?? 0);
  const hasUnseenEnd = kernel?.state === 'close-wait' && inside !== null && !inside.readableEnded;
  const isHeld = before.kernel !== null && before.kernel.unread === kernel?.unread;
  return {
    ...(local === undefined ? {} : { local }),
    ...(remote === undefined ? {} : { remote }),
    bytesRead: inside?.bytesRead ?? 0,
    bytesWritten: inside?.bytesWritten ?? 0,
    readable: inside?.readableLength ?? 0,
    writable: inside?.writableLength ?? 0,
    state: stateOf(after, isListening),
    unread,
    unsent,
    moved: hasMoved(before, after),
    isUnread: !isListening && !isFlowing && (waits > 0 || hasUnseenEnd) && (inside !== null || isHeld),
    isFull: (inside?.writableLength ?? 0) > 0 || inside?.needDrain === true || inside?.connecting === true,
    isListening,
  };
}

function hasMoved(before: SocketMoment, after: SocketMoment): boolean {
  if (after.inside !== null) {
    const then = before.inside;
    if (then === null) return true;
    // A slow peer takes what has long left the program.
    if ((after.kernel?.unsent ?? 0) < (before.kernel?.unsent ?? 0)) return true;
    return then.bytesRead !== after.inside.bytesRead || then.bytesWritten !== after.inside.bytesWritten;
  }
  if (before.kernel === null || after.kernel === null) return true;
  return before.kernel.unread !== after.kernel.unread || before.kernel.unsent !== after.kernel.unsent;
}

/** In words: what the socket waits for. */
function stateOf({ inside, kernel }: SocketMoment, isListening: boolean): string {
  if (isListening) {
    const waiting = kernel?.state === 'listening' ? kernel.unread : 0;
    return waiting === 0 ? 'listens' : `listens; ${count(waiting, 'connection')} not accepted by the program`;
  }
  if (inside === null) return kernelState(kernel);
  if (inside.connecting) return 'connecting: waits for its peer to accept';
  const parts = [readingState(inside, kernel), writingState(inside, kernel)].filter((part) => part !== '');
  return parts.length === 0 ? 'waits for bytes from its peer' : parts.join('; ');
}

function readingState(inside: InsideSocket, kernel: KernelSocket | null): string {
  const unread = kernel?.unread ?? 0;
  const isPaused = inside.flowing === false;
  const why = isPaused ? 'it is paused' : 'nobody reads this socket';
  const parts: string[] = [];
  if (unread > 0) {
    parts.push(`${bytes(unread)} unread in the kernel${inside.flowing === true ? '' : `: ${why}`}`);
  }
  if (inside.readableLength > 0) {
    parts.push(`${bytes(inside.readableLength)} read and not taken${parts.length === 0 ? `: ${why}` : ''}`);
  }
  if (inside.readableEnded)
    parts.push(inside.writableEnded ? 'its peer has ended' : 'its peer has ended, this side has not');
  else if (kernel?.state === 'close-wait') parts.push(`its peer has ended, and nobody has read that far`);
  if (parts.length === 0 && inside.flowing === null) return 'nobody reads this socket';
  if (parts.length === 0 && isPaused) return 'paused';
  return parts.join('; ');
}

function writingState(inside: InsideSocket, kernel: KernelSocket | null): string {
  const unsent = kernel?.unsent ?? 0;
  if (inside.writableLength > 0) {
    return `${bytes(inside.writableLength)} written and not sent: waits for its peer to read`;
  }
  if (inside.needDrain) return 'waits to drain';
  if (unsent > 0) return `${bytes(unsent)} sent and not taken by its peer`;
  if (inside.writableFinished && !inside.readableEnded) return 'ended by this side, waits for the end from its peer';
  return '';
}

/** Of a socket that no object of the main thread tells of: the thread cannot be asked, or it is a Worker's. */
function kernelState(kernel: KernelSocket | null): string {
  if (kernel === null) return 'unknown';
  const parts = [`known to the kernel only: ${kernel.state}`];
  if (kernel.unread > 0) parts.push(`${bytes(kernel.unread)} unread`);
  if (kernel.unsent > 0) parts.push(`${bytes(kernel.unsent)} not taken by its peer`);
  if (kernel.state === 'close-wait') parts.push('its peer has ended');
  return parts.join(', ');
}

function bytes(number: number): string {
  return count(number, 'byte');
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
