import { EventEmitter } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { CheckWatch, type CheckEnd } from '../../../harness/check/worker/check-watch.ts';
import type { CheckMessage } from '../../../harness/check/worker/check-job.ts';
import { VirtualClock } from '../../../harness/sim/virtual-clock.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';

/** When a check that says nothing more is stuck, in virtual time: on a machine that is busy, not before its thread had the time. */

const TIMEOUT_MS = 100;
const CASE = { kind: 'case', case: { inner: {}, steps: [] } } as const;
const BUSY: Verdict = { outcome: 'busy', message: 'It does not turn', atMs: 0, silentMs: 30 };

class Watched {
  readonly clock = new VirtualClock();
  /** So long its thread has waited for a processor. */
  waitedMs = 0;
  end: CheckEnd | null = null;
  readonly watch: CheckWatch;
  readonly #told = new EventEmitter();

  constructor() {
    // Of a port, what is told and that it can be closed is used.
    const port = Object.assign(this.#told, { close: () => undefined }) as unknown as MessagePort;
    this.watch = new CheckWatch(port, {
      timeoutMs: TIMEOUT_MS,
      onCase: () => undefined,
      ownMs: () => this.clock.nowMs() - this.waitedMs,
      clock: this.clock,
    });
    void this.watch.end.then((end) => {
      this.end = end;
    });
  }

  tell(message: CheckMessage): void {
    this.#told.emit('message', message);
  }

  begin(): void {
    this.tell({ kind: 'begun', inner: 'poll', own: null });
    this.tell(CASE);
  }

  /** @returns what became of it by then: `still on` if nothing. */
  async at(ms: number): Promise<string> {
    this.clock.after(ms - this.clock.nowMs(), () => undefined);
    while (this.clock.nowMs() < ms) this.clock.advance();
    await Promise.resolve();
    return this.end?.kind === 'stuck' ? this.end.message : (this.end?.kind ?? 'still on');
  }
}

test('a case that waits has five times as long as a loop', async () => {
  const watched = new Watched();
  watched.begin();
  expect(await watched.at(499)).toBe('still on');
  expect(await watched.at(501)).toBe('The case has not come to its end within 500 ms');
});

test('each case has its own time', async () => {
  const watched = new Watched();
  watched.begin();
  await watched.at(400);
  watched.tell(CASE);
  expect(await watched.at(899)).toBe('still on');
  expect(await watched.at(901)).toBe('The case has not come to its end within 500 ms');
});

test('an event loop that does not turn is stuck after as long as a loop may take, from when it was last heard', async () => {
  const watched = new Watched();
  watched.begin();
  watched.watch.isFrozen(BUSY);
  expect(await watched.at(69)).toBe('still on');
  expect(await watched.at(71)).toBe('It does not turn');
});

test('one that turns again is not', async () => {
  const watched = new Watched();
  watched.begin();
  watched.watch.isFrozen(BUSY);
  await watched.at(50);
  watched.watch.goesOn();
  expect(watched.watch.frozenSinceMs).toBe(null);
  expect(await watched.at(549)).toBe('still on');
});

test('a thread that gets no processor is not stuck, however long that takes', async () => {
  const watched = new Watched();
  watched.begin();
  watched.watch.isFrozen(BUSY);
  watched.waitedMs = 1000;
  expect(await watched.at(1069)).toBe('still on');
  expect(await watched.at(1071)).toBe('It does not turn');
});

test('to load a module may take as long as a case may wait, whatever it does meanwhile', async () => {
  const watched = new Watched();
  watched.watch.isFrozen(BUSY);
  expect(await watched.at(499)).toBe('still on');
  expect(await watched.at(501)).toBe('The module was not loaded within 500 ms');
  expect(watched.watch.frozenSinceMs).toBe(-30);
});

test('what is known to spin is stuck at once', async () => {
  const watched = new Watched();
  watched.watch.isFrozen({ outcome: 'spinning', message: 'It spins', atMs: 5 });
  expect(await watched.at(1)).toBe('It spins');
});

test('what it is refused with is thrown', async () => {
  const told = new EventEmitter();
  const port = Object.assign(told, { close: () => undefined }) as unknown as MessagePort;
  const watch = new CheckWatch(port, {
    timeoutMs: 1000,
    onCase: () => undefined,
    ownMs: () => 0,
    clock: new VirtualClock(),
  });
  told.emit('message', { kind: 'failed', code: 'CHECK_NOT_A_STREAM', message: 'No stream' } satisfies CheckMessage);
  await expect(watch.end).rejects.toMatchObject({ code: 'CHECK_NOT_A_STREAM', message: 'No stream' });
});
