import type { DirectionPicture } from '../../../src/diagnose/direction-picture.ts';
import type { HalfPicture } from '../../../src/diagnose/half-picture.ts';
import { printable } from '../../../src/printable.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import { spanOf } from '../../../src/watch/connection-progress.ts';
import { findingLine } from '../../report/finding-text.ts';
import { counted } from '../../report/format-number.ts';
import type { WaitingCopy } from './waiting-picture.ts';
import { isRegistered, isWoken } from './waiting-verdict.ts';

/** So many copies are told in full. */
const TOLD_IN_FULL = 4;
const MAX_END_CHARS = 60;
const DONE = 2;

/** What the copies of a test wait for, as lines for a person. */
export function waitingLines(copies: readonly WaitingCopy[]): string[] {
  // What is wrong by itself comes first.
  const sorted = copies.toSorted((one, other) => other.findings.length - one.findings.length);
  const [told, others] = [sorted.slice(0, TOLD_IN_FULL), sorted.length - TOLD_IN_FULL];
  const title = copies.length === 1 ? 'a copy had not ended' : `${copies.length} copies had not ended`;
  return [
    `relayscope: when the time was up, ${title}`,
    ...told.flatMap(copyLines),
    ...(others > 0 ? [`  and ${others} more`] : []),
  ];
}

function copyLines(copy: WaitingCopy): string[] {
  const { picture, verdict, findings } = copy;
  const { a, b } = picture.note ?? {};
  const ends = [a === undefined ? [] : [`a ${named(a)}`], b === undefined ? [] : [`b ${named(b)}`]].flat().join(', ');
  const round = verdict?.outcome === 'livelocked' ? [`    ${verdict.message}`] : [];
  return [
    `  connection ${picture.connection}${ends === '' ? '' : ` (${ends})`}${verdict === null ? ': bytes still move' : ''}`,
    ...[picture.aToB, picture.bToA].map((direction) => `    ${directionLine(direction, copy)}`),
    ...round,
    ...findings.map((finding) => `    finding: ${findingLine(finding)}`),
  ];
}

function named(end: string): string {
  return printable(end, MAX_END_CHARS);
}

function directionLine(direction: DirectionPicture, copy: WaitingCopy): string {
  const { direction: name, writtenBytes, state, read, write } = direction;
  const bytes = `${name}  ${copy.picture.gapSeq === -1 ? '' : 'at least '}${counted(writtenBytes, 'byte')}`;
  if (state === DONE) return `${bytes}, done`;
  const waits = [write, read].filter(({ isPending }) => isPending).map((half) => halfText(half, direction, copy));
  return `${bytes}; ${waits.length === 0 ? 'was not polled' : waits.join('; ')}`;
}

function halfText(half: HalfPicture, { direction }: DirectionPicture, { picture, nowMs }: WaitingCopy): string {
  const [from, to] = direction === 'a -> b' ? ['a', 'b'] : ['b', 'a'];
  const whom = half.half === 'read' ? `${from} to send` : `${to} ${doing(half.lastKind)}`;
  const waker = isRegistered(half)
    ? 'its waker is registered'
    : isWoken(picture)
      ? 'it has been woken, and the next poll is due'
      : 'it has registered no waker: nobody will wake it';
  return `its ${half.half} half waits for ${whom}, since ${spanOf(nowMs - half.pendingSinceTickMs)}; ${waker}`;
}

function doing(kind: number): string {
  if (kind === Kind.FLUSH) return 'to pass on what it has taken';
  return kind === Kind.SHUTDOWN ? 'to finish its shutdown' : 'to take more';
}
