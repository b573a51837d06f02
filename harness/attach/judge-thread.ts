import type { StackFrame, Verdict, VerdictOutcome } from '../../src/trace/trace-note.ts';
import { framePath } from '../../src/watch/frame-path.ts';
import { loopFrame, type LoopFrame } from './compare-stacks.ts';
import { BUSY_SHARE, busyShare, type ThreadLook } from './look-at-thread.ts';
import type { SocketReport } from './socket-report.ts';
import { isOfUser, type Stack } from './stack.ts';

/** What the looks at a thread and its sockets come to. */
export interface Judgement {
  readonly outcome: VerdictOutcome;
  readonly loop: NonNullable<Verdict['loop']> | null;
  readonly message: string;
  readonly turnsPerSecond: number | null;
  readonly stack: Stack;
  readonly loopFrame: LoopFrame | null;
}

const NO_STACK: Stack = { frames: [], omitted: 0 };
/** A loop that turns less often is at work on something long each time, and does not go round for nothing. */
const MIN_LIVELOCK_TURNS_PER_SECOND = 20;
const MAX_NAMED = 4;

/** @param call the system call that the thread stood in all the time before, if that is known. */
export function judgeThread(look: ThreadLook, sockets: readonly SocketReport[], call: string | null = null): Judgement {
  switch (look.kind) {
    case 'frozen':
      return call === null ? judgeFrozen(look) : judgeAsleep(look, call);
    case 'turning':
      return judgeTurning(look, sockets);
    case 'unanswering': {
      const where = call ?? 'one call of Node or of an addon, in no JavaScript';
      const message = `its event loop has not turned for ${seconds(look.watchedMs)}: it stands in ${where}`;
      return { outcome: 'blocked', loop: null, message, turnsPerSecond: 0, stack: NO_STACK, loopFrame: null };
    }
  }
}

/** It can be paused, and does nothing: Atomics.wait lets a debugger in. */
function judgeAsleep({ watchedMs, stacks }: ThreadLook & { kind: 'frozen' }, call: string): Judgement {
  const stack = stacks[0] ?? NO_STACK;
  const caller = stack.frames.find(isOfUser);
  const where = caller === undefined ? '' : `, called by ${caller.function} (${placeOf(caller)})`;
  const message = `its event loop has not turned for ${seconds(watchedMs)}: it stands in ${call}${where}`;
  return { outcome: 'blocked', loop: null, message, turnsPerSecond: 0, stack, loopFrame: null };
}

function judgeFrozen({ loop, watchedMs, stacks }: ThreadLook & { kind: 'frozen' }): Judgement {
  const found = loopFrame(stacks);
  const where = found === null ? '' : ` in ${found.frame.function} (${placeOf(found.frame)})`;
  const round = loop === 'microtask' ? 'goes round in microtasks or ticks' : 'goes round';
  return {
    outcome: 'spinning',
    loop,
    message: `its event loop has not turned for ${seconds(watchedMs)}: it ${round}${where}${variables(found)}`,
    turnsPerSecond: 0,
    stack: stacks[0] ?? NO_STACK,
    loopFrame: found,
  };
}

/** What stays as it is keeps a loop going; what changes counts its rounds. Numbers and flags tell more than objects. */
function variables(found: LoopFrame | null): string {
  if (found === null) return '';
  const telling = found.steady.filter(({ value }) => /^(?:-?[\d.]+n?|NaN|true|false)$/.test(value));
  // What the object holds from call to call says more than what the function keeps to itself.
  const steady = telling
    .toSorted((a, b) => Number(b.name.startsWith('this.')) - Number(a.name.startsWith('this.')))
    .slice(0, MAX_NAMED);
  const changed = found.changed.slice(0, MAX_NAMED);
  const stays = steady.map(({ name, value }) => `${name.replace(/^this\./, '')} ${value}`).join(', ');
  return (
    (stays === '' ? '' : `; ${stays} ${steady.length === 1 ? 'stays' : 'stay'}`) +
    (changed.length === 0
      ? ''
      : `; ${changed.map(({ name }) => name).join(', ')} ${changed.length === 1 ? 'moves' : 'move'}`)
  );
}

function judgeTurning(look: ThreadLook & { kind: 'turning' }, sockets: readonly SocketReport[]): Judgement {
  const { before, after, watchedMs, stacks } = look;
  const share = busyShare(before, after);
  const turns = before.turns === null || after.turns === null ? null : after.turns - before.turns;
  const turnsPerSecond = turns === null || watchedMs <= 0 ? null : Math.round((turns * 1000) / watchedMs);
  const connections = sockets.filter(({ isListening }) => !isListening);
  // One that came or went is life, too.
  const moved = connections.filter((socket) => socket.moved).length + gone(look);
  const rest = { turnsPerSecond, stack: sampleOf(stacks), loopFrame: null };
  const rate = turnsPerSecond === null ? '' : ` ${turnsPerSecond.toLocaleString('en')} times a second`;
  if (moved > 0) {
    const message = `its event loop turns, and bytes move on ${moved} of its ${counted(connections.length)}`;
    return { ...rest, outcome: 'unfinished', loop: null, message };
  }
  if (share >= BUSY_SHARE) {
    const where = functionsOf(stacks);
    const seen = where === '' ? '' : `, seen in ${where}`;
    if (turnsPerSecond !== null && turnsPerSecond < MIN_LIVELOCK_TURNS_PER_SECOND) {
      const message = `its event loop turns, but only${rate}: it is at work ${percent(share)} of the time${seen}`;
      return { ...rest, outcome: 'busy', loop: null, message };
    }
    const message = `its event loop turns${rate} and is at work ${percent(share)} of the time, but ${nothingMoved(connections.length, watchedMs)}${seen}`;
    return { ...rest, outcome: 'livelocked', loop: 'event-loop', message };
  }
  return { ...rest, ...judgeIdle(connections, after.requests, watchedMs) };
}

function judgeIdle(
  connections: readonly SocketReport[],
  requests: number,
  watchedMs: number,
): Pick<Judgement, 'outcome' | 'loop' | 'message'> {
  const unread = connections.filter((socket) => socket.isUnread);
  // Who waits for a slow peer, or for a name, pauses the other side meanwhile, and is right.
  const isHeldUp = connections.some((socket) => socket.isFull) || requests > 0;
  const [first] = unread;
  if (first !== undefined && !isHeldUp) {
    const others = unread.length === 1 ? '' : `, and so it is with ${unread.length - 1} more`;
    const message = `its event loop turns and nothing is to be sent, but nobody reads ${nameOf(first)}: ${first.state}${others}`;
    return { outcome: 'parked', loop: null, message };
  }
  const full = connections.filter((socket) => socket.isFull).length;
  const why = full === 0 ? '' : `; ${full} of them ${full === 1 ? 'waits' : 'wait'} for the peer to take what there is`;
  return {
    outcome: 'waiting',
    loop: null,
    message: `its event loop is idle, and ${nothingMoved(connections.length, watchedMs)}${why}`,
  };
}

function gone({ before, after }: ThreadLook & { kind: 'turning' }): number {
  const still = new Set(after.sockets.map(({ id }) => id));
  return before.sockets.filter(({ id }) => !still.has(id)).length;
}

/** A sample with something of the program in it, if there is one. */
function sampleOf(stacks: readonly Stack[]): Stack {
  return stacks.find(({ frames }) => frames.some(isOfUser)) ?? stacks[0] ?? NO_STACK;
}

function functionsOf(stacks: readonly Stack[]): string {
  const innermost = stacks.flatMap(({ frames }) => frames.filter(isOfUser).slice(0, 1));
  return [...new Set(innermost.map((frame) => `${frame.function} (${placeOf(frame)})`))].join(', ');
}

/** The file's name and the line: `relay.mjs:40`. */
export function placeOf({ url, line }: StackFrame): string {
  return `${framePath(url).split(/[/\\]/).at(-1) ?? url}:${line}`;
}

function nameOf({ local, remote }: SocketReport): string {
  return local === undefined || remote === undefined ? 'one of its sockets' : `${local} ← ${remote}`;
}

function counted(connections: number): string {
  return connections === 1 ? 'one connection' : `${connections} connections`;
}

function nothingMoved(connections: number, watchedMs: number): string {
  return connections === 0
    ? 'it has no connection'
    : `no byte moved on its ${counted(connections)} in ${seconds(watchedMs)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
