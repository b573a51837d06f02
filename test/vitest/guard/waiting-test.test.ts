import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WaitingTests } from '../../../harness/vitest/guard/waiting-test.ts';
import {
  copyBidirectional,
  memoryPair,
  openTrace,
  PENDING,
  Recorder,
  type PollStream,
  type Verdict,
} from '../../../src/index.ts';

/** What a test of vitest's looks like to the guard, with the time-out in our hands. */
class FakeTest {
  readonly #controller: AbortController;
  readonly signal: AbortSignal;
  readonly task = { name: 'relays', result: { errors: [] as { message: string; stack?: string }[] } };

  constructor(controller = new AbortController()) {
    this.#controller = controller;
    this.signal = controller.signal;
  }

  timeOut(message = 'Test timed out in 40ms.\nIf this is a long-running test, pass a timeout value'): void {
    this.#controller.abort();
    this.fail(message);
  }

  fail(message: string): void {
    this.task.result.errors.push({ message, stack: `Error: ${message}\n    at relay.test.ts:1:1` });
  }

  /** The first failure, with spans that differ from run to run made the same. */
  get message(): string {
    return steady(this.task.result.errors[0]?.message);
  }
}

function steady(text = ''): string {
  return text.replaceAll(/since \d+ ms/g, 'since N ms');
}

function waitingTests(): { waiting: WaitingTests<FakeTest['task']>; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'relayscope-waiting-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const waiting = new WaitingTests<FakeTest['task']>({
    root: folder,
    tracePath: ({ name }, number) => join(folder, `${name}-${number}.trace`),
  });
  return { waiting, folder };
}

/** A stream that waits for ever, and has arranged nothing. */
const forgetful: PollStream = {
  pollRead: () => PENDING,
  pollWrite: (_context, _bytes, start, end) => end - start,
  pollFlush: () => 0,
  pollShutdown: () => 0,
};

/** A copy that waits; its end is the caller's. */
function startCopy(recorder: Recorder, b: PollStream = memoryPair()[0]): AbortController {
  const controller = new AbortController();
  copyBidirectional(memoryPair()[0], b, { recorder, signal: controller.signal }).catch(() => undefined);
  onTestFinished(() => {
    controller.abort();
  });
  return controller;
}

function turn(ms = 0): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

test('says what each half of a copy waits for, the finding and the trace, in the message and in the stack', async () => {
  const { waiting, folder } = waitingTests();
  const one = new FakeTest();
  await waiting.around(one, async () => {
    startCopy(new Recorder(), forgetful);
    await turn(120);
    one.timeOut();
  });
  expect(one.message).toBe(
    [
      'Test timed out in 40ms.',
      'If this is a long-running test, pass a timeout value',
      '',
      'relayscope: when the time was up, a copy had not ended',
      '  connection 1',
      '    a -> b  0 bytes; its read half waits for a to send, since N ms; its waker is registered',
      '    b -> a  0 bytes; its read half waits for b to send, since N ms; it has registered no waker: nobody will wake it',
      '    finding: pending-without-waker (b -> a): A read of b was Pending and has registered no waker: nobody knows whom to wake when it could go on',
      '  trace: relays-1.trace (relayscope why relays-1.trace)',
    ].join('\n'),
  );
  expect(one.task.result.errors[0]?.stack).toMatch(
    /^Error: Test timed out[^]*had not ended[^]*\.trace\)\n {4}at relay\.test/,
  );
  const verdicts: Verdict[] = [];
  for await (const item of openTrace(join(folder, 'relays-1.trace')))
    if (item.kind === 'verdict') verdicts.push(item.verdict);
  expect(verdicts).toEqual([expect.objectContaining({ outcome: 'parked', direction: 'b -> a', half: 'read' })]);
});

test('looks when the time is up, and not after hooks have ended the copy', async () => {
  const { waiting } = waitingTests();
  const one = new FakeTest();
  await waiting.around(one, async () => {
    const copy = startCopy(new Recorder());
    await turn();
    one.timeOut();
    copy.abort();
    await turn();
  });
  expect(one.message).toContain('a -> b  0 bytes; its read half waits for a to send');
});

test('looks after a second attempt, for which vitest 4 has no signal', async () => {
  const { waiting } = waitingTests();
  const controller = new AbortController();
  controller.abort();
  const one = new FakeTest(controller);
  await waiting.around(one, async () => {
    startCopy(new Recorder());
    await turn();
    one.fail('Test timed out in 40ms.');
  });
  expect(one.message).toContain('a copy had not ended');
});

test('blames no copy that an earlier test has left behind', async () => {
  const { waiting } = waitingTests();
  const recorder = new Recorder();
  const [first, second] = [new FakeTest(), new FakeTest()];
  await waiting.around(first, async () => {
    startCopy(recorder);
    await turn();
  });
  await waiting.around(second, async () => {
    await turn();
    second.timeOut('Test timed out in 40ms.');
  });
  expect([first.message, second.message]).toEqual(['', 'Test timed out in 40ms.']);
});

test('knows whose copy it is among tests that run at once', async () => {
  const { waiting } = waitingTests();
  const recorder = new Recorder();
  const [relays, waits] = [new FakeTest(), new FakeTest()];
  await Promise.all([
    waiting.around(waits, async () => {
      await turn(20);
      waits.timeOut('Test timed out in 20ms.');
    }),
    waiting.around(relays, async () => {
      startCopy(recorder);
      await turn(20);
      relays.timeOut('Test timed out in 20ms.');
    }),
  ]);
  expect(waits.message).toBe('Test timed out in 20ms.');
  expect(relays.message).toContain('a copy had not ended');
});

test('takes a copy that is started outside of any test for one of those that run', async () => {
  const { waiting } = waitingTests();
  let serve = (): void => undefined;
  // As a server does that was started by a hook for all tests.
  const served = new Promise<void>((resolve) => {
    serve = resolve;
  }).then(() => {
    startCopy(new Recorder());
  });
  const one = new FakeTest();
  await waiting.around(one, async () => {
    serve();
    await served;
    await turn();
    one.timeOut();
  });
  expect(one.message).toContain('a copy had not ended');
});

test.for<[string, string, (one: FakeTest) => Promise<void> | void]>([
  [
    'that fails for another reason',
    'expected 1 to be 2',
    async (one) => {
      startCopy(new Recorder());
      await turn();
      one.fail('expected 1 to be 2');
    },
  ],
  [
    'whose copy has ended',
    'Test timed out in 1ms.',
    async (one) => {
      const copy = startCopy(new Recorder());
      await turn();
      copy.abort();
      await turn();
      one.timeOut('Test timed out in 1ms.');
    },
  ],
  [
    'whose copy is simulated, with a clock of its own',
    'Test timed out in 1ms.',
    async (one) => {
      startCopy(new Recorder({ clock: { nowMs: () => 0, after: () => () => undefined } }));
      await turn();
      one.timeOut('Test timed out in 1ms.');
    },
  ],
  [
    'without a copy',
    'Test timed out in 1ms.',
    (one) => {
      one.timeOut('Test timed out in 1ms.');
    },
  ],
])('leaves alone a test %s', async ([, message, body]) => {
  const { waiting, folder } = waitingTests();
  const one = new FakeTest();
  await waiting.around(one, async () => {
    await body(one);
  });
  expect(one.message).toBe(message);
  expect(existsSync(join(folder, 'relays-1.trace'))).toBe(false);
});

test('tells polls that go round through the event loop', async () => {
  const { waiting } = waitingTests();
  const storm: PollStream = {
    ...forgetful,
    pollRead: (context) => {
      context.register().wake();
      return PENDING;
    },
  };
  const one = new FakeTest();
  await waiting.around(one, async () => {
    startCopy(new Recorder(), storm);
    await turn(150);
    one.timeOut();
  });
  expect(one.message).toMatch(/Polls move no byte: \d+ polls of connection 1 in \d+ ms/);
  expect(one.message).toContain('finding: self-wake-storm (b -> a)');
});

test('says when the trace could not be written, and still what is waited for', async () => {
  const waiting = new WaitingTests<FakeTest['task']>({ root: '/', tracePath: () => '/dev/null/relays.trace' });
  const one = new FakeTest();
  await waiting.around(one, async () => {
    startCopy(new Recorder());
    await turn();
    one.timeOut();
  });
  expect(one.message).toMatch(/waits for a to send[^]*trace: not written: /);
});

test('holds few recorders of a test that makes many', async () => {
  const { waiting } = waitingTests();
  const one = new FakeTest();
  await waiting.around(one, async () => {
    for (let count = 0; count < 12; count += 1) startCopy(new Recorder({ keptRecords: 64, ringRecords: 1024 }));
    await turn();
    one.timeOut();
  });
  expect(one.message).toContain('8 copies had not ended');
  expect(one.message).toContain('and 4 more');
  expect(one.message.match(/trace: /g)).toHaveLength(8);
});
