import type { Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import type { CopyError } from '../../../src/copy/copy-error.ts';
import type { Ending } from '../../../src/diagnose/detector.ts';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { SOCKET_STATES } from '../../../src/trace/event-kind.ts';
import { readRing } from '../../../src/trace/read-ring.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { ringItems } from '../../../src/trace/ring-snapshot.ts';
import { manualClock, type ManualClock } from '../../faults/support/manual-clock.ts';
import { tcpPair } from '../../streams/support/sockets.ts';
import { namesOf } from './story.ts';

/** Copies over real sockets, whose time alone is a test's own: nobody waits for ten minutes. */

export interface Relayed {
  readonly clock: ManualClock;
  readonly recorder: Recorder;
  readonly findings: (ending?: Partial<Ending>) => string[];
}

export function recording(): Relayed {
  const clock = manualClock();
  const recorder = new Recorder({ clock });
  const findings = (ending: Partial<Ending> = {}): string[] => {
    const diagnosis = new Diagnosis();
    for (const item of ringItems(recorder.buffer)) diagnosis.item(item);
    diagnosis.end({ outcome: 'open', atMs: recorder.elapsedMs(), ...ending });
    return namesOf(diagnosis.findings());
  };
  return { clock, recorder, findings };
}

/** A client and a server, and the ends of their connections that are the relay's. */
export async function twoConnections(): Promise<Record<'client' | 'server' | 'inbound' | 'outbound', Socket>> {
  const [{ near: inbound, far: client }, { near: outbound, far: server }] = [await tcpPair(), await tcpPair()];
  for (const peer of [client, server]) peer.on('error', () => undefined).resume();
  return { client, server, inbound, outbound };
}

/** Has a copy under way until the test is over. */
export function copying(
  a: PollStream,
  b: PollStream,
  { recorder }: Relayed,
  onEnd: (end: string) => void = () => undefined,
): void {
  const stop = new AbortController();
  const over = copyBidirectional(a, b, { recorder, signal: stop.signal }).then(
    () => {
      onEnd('completed');
    },
    (error: unknown) => {
      onEnd((error as CopyError).code);
    },
  );
  onTestFinished(async () => {
    stop.abort();
    await over;
  });
}

export function countOf(recorder: Recorder, wanted: string): number {
  return readRing(recorder.buffer).filter(
    ({ kind, state, direction, n }) =>
      `${direction ?? ''} ${kind} ${kind === 'socket' ? (SOCKET_STATES[Number(n)] ?? '') : (state ?? '')}` === wanted,
  ).length;
}

export function comes(recorder: Recorder, wanted: string, times = 1): Promise<void> {
  return expect.poll(() => countOf(recorder, wanted), { timeout: 10_000 }).toBeGreaterThanOrEqual(times);
}
