import { describe, expect, test } from 'vitest';
import { AttachScreen } from '../../harness/attach/attach-screen.ts';
import type { AttachReport } from '../../harness/attach/attach-report.ts';
import type { InsideLook, InsideSocket } from '../../harness/attach/inside-look.ts';
import { judgeThread } from '../../harness/attach/judge-thread.ts';
import type { KernelSocket } from '../../harness/attach/kernel-sockets.ts';
import { reportSockets, type SocketReport } from '../../harness/attach/socket-report.ts';

/** What the looks come to, without any process: the sentences, and when a relay is called stuck. */

const INSIDE: InsideSocket = {
  id: 1,
  kind: 'socket',
  fd: 20,
  local: '127.0.0.1:8080',
  remote: '127.0.0.1:40000',
  bytesRead: 68,
  bytesWritten: 0,
  readableLength: 0,
  writableLength: 0,
  flowing: true,
  needDrain: false,
  readableEnded: false,
  writableEnded: false,
  writableFinished: false,
  destroyed: false,
  connecting: false,
};

const KERNEL: KernelSocket = {
  inode: '4711',
  fd: 20,
  local: '127.0.0.1:8080',
  remote: '127.0.0.1:40000',
  localPort: 8080,
  state: 'established',
  unread: 0,
  unsent: 0,
};

function report(inside: Partial<InsideSocket>, kernel: Partial<KernelSocket> = {}): SocketReport {
  const moment = { inside: [{ ...INSIDE, ...inside }], kernel: [{ ...KERNEL, ...kernel }] };
  const [socket] = reportSockets(moment, moment);
  if (socket === undefined) throw new Error('expected a socket');
  return socket;
}

test.each<[string, Partial<InsideSocket>, Partial<KernelSocket>]>([
  ['waits for bytes from its peer', {}, {}],
  ['paused', { flowing: false }, {}],
  ['nobody reads this socket', { flowing: null }, {}],
  ['302 bytes unread in the kernel: it is paused', { flowing: false }, { unread: 302 }],
  ['302 bytes unread in the kernel: nobody reads this socket', { flowing: null }, { unread: 302 }],
  ['1 byte read and not taken: it is paused', { flowing: false, readableLength: 1 }, {}],
  ['65,536 bytes written and not sent: waits for its peer to read', { writableLength: 65_536 }, {}],
  ['9 bytes sent and not taken by its peer', {}, { unsent: 9 }],
  ['its peer has ended, this side has not', { readableEnded: true, flowing: false }, { state: 'close-wait' }],
  ['its peer has ended, and nobody has read that far', { flowing: false }, { state: 'close-wait' }],
  ['ended by this side, waits for the end from its peer', { writableEnded: true, writableFinished: true }, {}],
  ['connecting: waits for its peer to accept', { connecting: true }, { state: 'syn-sent' }],
  ['listens', { kind: 'server' }, { state: 'listening' }],
  ['listens; 3 connections not accepted by the program', { kind: 'server' }, { state: 'listening', unread: 3 }],
])('%s', (state, inside, kernel) => {
  expect(report(inside, kernel).state).toBe(state);
});

test('a socket that no object tells of is told by the kernel', () => {
  const moment = { inside: null, kernel: [{ ...KERNEL, unread: 5 }] };
  expect(reportSockets(moment, moment)).toMatchObject([
    {
      local: '127.0.0.1:8080',
      state: 'known to the kernel only: established, 5 bytes unread',
      isUnread: true,
      moved: false,
    },
  ]);
});

test('bytes that came or went between the looks are movement; a socket that is new is, too', () => {
  const before = { inside: [INSIDE], kernel: null };
  const after = {
    inside: [
      { ...INSIDE, bytesRead: 69 },
      { ...INSIDE, id: 2 },
    ],
    kernel: null,
  };
  expect(reportSockets(before, after).map(({ moved }) => moved)).toEqual([true, true]);
  expect(reportSockets(before, before).map(({ moved }) => moved)).toEqual([false]);
  const sent = (unsent: number) => ({ inside: [INSIDE], kernel: [{ ...KERNEL, unsent }] });
  expect(reportSockets(sent(9000), sent(5000)).map(({ moved }) => moved)).toEqual([true]);
});

describe('a thread whose event loop turns', () => {
  const look = (idleMs: number, turns: number, requests = 0): Parameters<typeof judgeThread>[0] => {
    const inside: InsideLook = { turns: 0, idleMs: 0, activeMs: 0, requests, sockets: [INSIDE], omitted: 0 };
    return {
      kind: 'turning',
      before: inside,
      after: { ...inside, turns, idleMs, activeMs: 1000 - idleMs },
      watchedMs: 1000,
      stacks: [],
    };
  };
  const idle = report({});
  const unread = report({ flowing: false }, { unread: 302 });
  const full = report({ writableLength: 9 });

  test.each<[string, string, Parameters<typeof judgeThread>[0], SocketReport[]]>([
    ['idle, and nothing to do', 'waiting', look(1000, 2), [idle]],
    ['idle, with bytes that nobody reads', 'parked', look(1000, 2), [idle, unread]],
    ['idle, with a peer that does not read', 'waiting', look(1000, 2), [unread, full]],
    ['idle, with a name lookup under way', 'waiting', look(1000, 2, 1), [unread]],
    ['at work, and no byte moves', 'livelocked', look(10, 5000), [idle]],
    ['at work on something long', 'busy', look(10, 3), [idle]],
    ['at work, and bytes move', 'unfinished', look(10, 5000), [{ ...idle, moved: true }]],
  ])('%s: %s', (_, outcome, seen, sockets) => {
    expect(judgeThread(seen, sockets).outcome).toBe(outcome);
  });
});

test('the screen is no wider than the terminal, shows colours on request, and lets no text move the cursor', () => {
  const evil: SocketReport = { ...report({ flowing: false }, { unread: 302 }), remote: '\u001b[2J\u202e127.0.0.1:1' };
  const frame = {
    function: 'pollCopy\u009b31m',
    url: 'file:///srv/relay.mjs',
    line: 2,
    column: 3,
    locals: [{ name: 'text\u001b[31m', value: `"${'x'.repeat(200)}\u0007"` }],
  };
  const seen: AttachReport = {
    pid: 4711,
    command: `node ${'relay'.repeat(50)}`,
    runtime: 'v26.10.0',
    outcome: 'spinning',
    loop: 'synchronous',
    message:
      'its event loop has not turned for 1.2 s: it goes round in pollCopy\u001b[2J (relay.mjs:2); pos 69, cap 68 stay',
    thread: 'main',
    cpu: 0.98,
    turnsPerSecond: 0,
    watchedMs: 1200,
    frames: [frame, { ...frame, url: 'node:internal/timers', locals: [] }, { ...frame, url: 'node:vm', locals: [] }],
    omittedFrames: 4,
    loopFrame: { frame, steady: [], changed: [] },
    sockets: [evil],
    omittedSockets: 2,
    workers: [
      { thread: 'worker 1', outcome: 'waiting', message: 'its event loop is idle\u202e, and it has no connection' },
    ],
    warnings: [],
    trace: null,
  };
  const shown = (colours: boolean): string => {
    let text = '';
    const out = { write: (part: string) => void (text += part), isTTY: true, columns: 60 };
    new AttachScreen(out, colours).show(seen);
    return text;
  };
  const plain = shown(false);
  expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(plain).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  expect(plain).toContain('  pollCopy\\x9b31m  /srv/relay.mjs:2:3\n');
  expect(plain).toContain('  2 frames of Node (pollCopy\\x9b31m, timers:2)\n  … and 4 more\n');
  expect(plain).toContain('Sockets: 3\n');
  expect(plain).toContain('worker 1 waits: its event loop is idle');
  expect(shown(true)).toContain('\u001b[31mspins\u001b[39m');
});
