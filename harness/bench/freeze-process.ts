import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { epochMs, systemClock } from '../../src/poll/clock.ts';
import type { Context } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { watchProgram } from '../../src/watch/watch-program.ts';
import { FREEZE_KINDS, type FreezeKind, type FreezeStart } from './freeze-kind.ts';

/**
 * A watched program that gets stuck in the way named by its first argument; the second is where its trace goes, or
 * nothing; honest work lasts until the file exists that the third names, if it does. Started by the benchmark and by
 * tests, which end it.
 */

/** The request of curl that the first bug was found with had as many bytes. */
const REQUEST_BYTES = 68;
/** By the processor's time, so that a busy machine does not make it less. */
const BUSY_CPU_MS = 900;
const BLOCKED_SECONDS = '1.5';
/** It runs for a moment before it gets stuck, as programs do. */
const BEFORE_MS = 150;
/** Nobody has ended it by then: whoever started it is gone. */
const LIFE_MS = 120_000;
const CHUNK_BYTES = 16_384;
const CHUNK_INTERVAL_MS = 5;

const [, , kind = '', tracePath = '', workUntil = ''] = process.argv;
if (!(kind in FREEZE_KINDS)) throw new Error(`Unknown kind: ${kind}`);
const { recorder } = watchProgram({ report: 'none', ...(tracePath === '' ? {} : { tracePath }) });

function stream(pollRead: (context: Context) => number, pollWrite?: PollStream['pollWrite']): PollStream {
  const taken: PollStream['pollWrite'] = (_context, _bytes, start, end) => end - start;
  return { pollRead, pollWrite: pollWrite ?? taken, pollFlush: () => 0, pollShutdown: () => 0 };
}

function wait(context: Context): number {
  context.register();
  return PENDING;
}

function copy(a: PollStream, b: PollStream): void {
  // It is stuck, and never ends.
  void copyBidirectional(a, b, { recorder, dialect: 'tokio-1.9.0' });
}

function spin(): void {
  let isRead = false;
  const request = (context: Context): number => {
    if (isRead) return wait(context);
    isRead = true;
    return REQUEST_BYTES;
  };
  // The length of the message with its header, not of what was taken.
  copy(
    stream(request),
    stream(wait, (_context, _bytes, start, end) => end - start + 1),
  );
}

async function goRoundInMicrotasks(): Promise<never> {
  for (;;) await Promise.resolve();
}

function work(): void {
  const start = process.cpuUsage();
  let rounds = 0;
  const isOver = (): boolean => {
    if (workUntil !== '') return existsSync(workUntil);
    const { user, system } = process.cpuUsage(start);
    return user + system >= BUSY_CPU_MS * 1000;
  };
  while (!isOver()) rounds += 1;
  writeSync(1, `${JSON.stringify({ rounds })}\n`);
}

/** A relay whose client sends and gets everything back, and one whose peers are silent. */
async function relay(): Promise<void> {
  const echo = createServer((socket) => socket.pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  // A TCP server that listens has an address of this form.
  const portOf = (server: typeof echo): number => (server.address() as AddressInfo).port;
  const front = createServer({ allowHalfOpen: true }, (inbound) => {
    const outbound = connect({ port: portOf(echo), host: '127.0.0.1', allowHalfOpen: true });
    copyBidirectional(fromSocket(inbound), fromSocket(outbound), { recorder }).catch(() => undefined);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  connect(portOf(front), '127.0.0.1');
  const client = connect(portOf(front), '127.0.0.1');
  client.resume();
  const chunk = new Uint8Array(CHUNK_BYTES);
  const send = (): void => {
    if (client.writableLength === 0) client.write(chunk);
    systemClock.after(CHUNK_INTERVAL_MS, send);
  };
  send();
}

function freeze(): void {
  const start: FreezeStart = { kind: kind as FreezeKind, epochMs: epochMs() };
  // At once: soon nothing is written any more.
  writeSync(1, `${JSON.stringify(start)}\n`);
  switch (start.kind) {
    case 'spin':
      spin();
      break;
    case 'microtask':
      void goRoundInMicrotasks();
      break;
    case 'blocked':
      execFileSync('sleep', [BLOCKED_SECONDS]);
      break;
    case 'livelock':
      copy(
        stream((context) => {
          context.register().wake();
          return PENDING;
        }),
        stream(wait),
      );
      break;
    case 'parked':
      copy(
        stream(() => PENDING),
        stream(wait),
      );
      break;
    case 'busy':
      work();
      break;
    case 'honest':
      void relay();
      break;
  }
}

systemClock.after(BEFORE_MS, freeze);
// Also what keeps the program alive.
setTimeout(() => process.exit(), LIFE_MS);
