import { describe, expect, test, vi } from 'vitest';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import { CopyError } from '../../../src/copy/copy-error.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { memoryPair } from '../../../src/streams/memory-pair.ts';
import { Flag, Kind } from '../../../src/trace/event-kind.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { runDocument } from '../../../harness/scenario/run-document.ts';
import type { SideScript } from '../../../harness/scenario/scenario.ts';
import { runsOf } from '../../../harness/scenario/runs-of.ts';
import { runCopy } from '../../../harness/sim/run-copy.ts';
import { runScenario } from '../../../harness/sim/run-scenario.ts';
import { ScriptedStream } from '../../../harness/sim/scripted-stream.ts';
import { World } from '../../../harness/sim/world.ts';
import { judge } from '../../../harness/vitest/judged/judge.ts';
import type { Judged } from '../../../harness/vitest/judged/judged.ts';
import { DEFAULT_PATIENCE } from '../../../harness/vitest/judged/patience.ts';
import { scenarioOf, STORY } from '../../sim/scenario-of.ts';

const SPINNING = scenarioOf({ a: STORY.a, b: { read: [{ received: 68 }, 302, 0], write: [{ d: 1 }] } });
const DOCUMENT = { file: 'scenarios/story.md', prose: 'The story.', scenario: SPINNING };

/** Not live: judged at once. */
function judgedNow(subject: unknown): Judged {
  const judged = judge(subject);
  if (judged instanceof Promise) throw new Error('Expected to be judged at once');
  return judged;
}

function found(judged: Judged): string[] | undefined {
  return judged.trace?.findings().map(({ class: name, direction }) => `${name} ${direction}`);
}

describe('a run in memory', () => {
  test('tells what it came to, and is made once more for what is found in it', () => {
    const judged = judgedNow(runScenario(SPINNING, { dialect: 'tokio-1.12.0' }));
    expect(judged).toMatchObject({
      what: 'a run in memory',
      outcome: 'spinning',
      direction: 'a -> b',
      code: 'SPINNING',
      counts: { aToB: 69, bToA: 0 },
    });
    expect(judged.delivered?.aToB).toHaveLength(68);
    expect(found(judged)).toEqual(['over-report-spin a -> b']);
    expect(judged.trace?.latest(2).map(({ kind }) => kind)).toEqual(['write', 'loop']);
  });

  test('has the trace of the recorder that it was given, and no other', () => {
    const recorder = new Recorder();
    const judged = judgedNow(runScenario(SPINNING, { dialect: 'tokio-1.12.0', recorder }));
    expect(found(judged)).toEqual(['over-report-spin a -> b']);
    expect(judged.trace?.items.filter(({ kind }) => kind === 'verdict')).toEqual([]);
    const world = new World().run(SPINNING, { dialect: 'tokio-1.12.0', recorder });
    expect(found(judgedNow({ run: world, recorder }))).toEqual(['over-report-spin a -> b']);
  });

  test('has none where it cannot be made again', () => {
    expect(judgedNow(new World().run(SPINNING, { dialect: 'tokio-1.12.0' })).trace).toBeNull();
    expect(
      judgedNow(runScenario(SPINNING, { dialect: 'checked', faults: (_side, stream) => stream })).trace,
    ).toBeNull();
  });

  test('that is parked says what each half waits for', () => {
    const scenario = scenarioOf({ a: { read: [68, 'x'] }, b: { read: [{ received: 100 }] } });
    expect(judgedNow(runScenario(scenario, { dialect: 'checked' })).waits).toEqual([
      'a -> b waits to read, and nobody is to wake it',
      'b -> a waits to read',
    ]);
  });
});

describe('a document', () => {
  const failing = {
    ...DOCUMENT,
    scenario: { ...SPINNING, dialects: ['tokio-1.12.0'], expect: { outcome: 'completed' as const } },
  };

  test('is judged by its first run that is not as it says, with the command that repeats it', async () => {
    const judged = judgedNow(await runDocument(failing, { filter: { chunkBytes: 'own' } }));
    expect(judged).toMatchObject({
      outcome: 'spinning',
      repeat: 'npx relayscope run scenarios/story.md --dialect tokio-1.12.0 --not-swapped --chunk own',
    });
    expect(judged.complaints[0]).toContain('scenarios/story.md: 2 of 2 runs failed');
  });

  test('whose runs are as it says is judged by the first of them', async () => {
    const scenario = { ...SPINNING, dialects: ['tokio-1.12.0'], expect: { outcome: 'spinning' as const } };
    const expecting = { ...scenario.expect, breaks: ['accounting', 'bounded'] as const };
    const document = { ...DOCUMENT, scenario: { ...scenario, expect: expecting } };
    const judged = judgedNow(await runDocument(document, { filter: { chunkBytes: 'own' } }));
    expect(judged).toMatchObject({ outcome: 'spinning', complaints: [] });
  });

  test('one of its runs is made when it is judged', () => {
    const [run] = runsOf(failing.scenario);
    expect(judgedNow(run)).toMatchObject({ outcome: 'spinning', repeat: null });
    expect(judgedNow({ document: failing, run }).repeat).toContain('relayscope run scenarios/story.md');
  });
});

describe('a copy', () => {
  const scripted = (name: 'a' | 'b', script: SideScript): PollStream => new ScriptedStream(name, script, []);

  test('that was run by hand knows its recorder', () => {
    const recorder = new Recorder();
    const run = runCopy(scripted('a', { read: [68, 0] }), scripted('b', { read: [0], write: [{ d: 1 }] }), {
      dialect: 'tokio-1.12.0',
      recorder,
    });
    const judged = judgedNow(run);
    expect(judged).toMatchObject({ what: 'a copy in memory', outcome: 'spinning', direction: 'a -> b' });
    expect(found(judged)).toEqual(['over-report-spin a -> b']);
  });

  test('that is over is judged by what it gave back, in its own connection of the recorder', async () => {
    const recorder = new Recorder();
    const [client, inbound] = memoryPair();
    const [outbound, server] = memoryPair();
    const broken: PollStream = {
      pollRead: () => PENDING,
      pollWrite: (_cx, _bytes, start, end) => end - start + 1,
      pollFlush: () => 0,
      pollShutdown: () => 0,
    };
    const echoes = [copyBidirectional(server, server), copyBidirectional(inbound, outbound, { recorder })];
    const failing = copyBidirectional(scripted('a', { read: [5, 0] }), broken, { recorder });
    const error = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CopyError);
    expect(judgedNow(error)).toMatchObject({ outcome: 'failed', code: 'WRITE_COUNT_INVALID', direction: 'a -> b' });
    expect(judgedNow(error).trace?.connection).toBe(2);
    client.abort?.(new Error('no more'));
    await Promise.allSettled(echoes);
    expect(judgedNow(recorder)).toMatchObject({ what: 'a recorder', outcome: 'failed' });
    expect(judgedNow({ aToB: 1, bToA: 2 })).toMatchObject({ outcome: 'completed', trace: null });
  });
});

describe('a trace', () => {
  const recorded = (): Recorder => {
    const recorder = new Recorder();
    const connection = recorder.openConnection();
    recorder.poll(connection);
    recorder.event(Kind.READ, connection, 0, 0, 68, 2048);
    recorder.event(Kind.WRITE, connection, 0, 68, 68, 68);
    recorder.event(Kind.READ, connection, 0, 0, PENDING, 2048);
    return recorder;
  };

  test('that ends with a half that nobody wakes is parked', () => {
    expect(judgedNow(recorded())).toMatchObject({
      outcome: 'parked',
      direction: 'a -> b',
      counts: { aToB: 68, bToA: 0 },
      waits: ['a -> b waits for a to send, and nobody will wake it'],
    });
  });

  test('of which nothing is wrong so far is open, and over once both directions are done', () => {
    const recorder = recorded();
    recorder.event(Kind.REGISTER, 1, 0, 0, 0, 0);
    expect(judgedNow(recorder)).toMatchObject({ outcome: 'open', waits: ['a -> b waits for a to send'] });
    recorder.event(Kind.STATE | (2 << Flag.STATE_SHIFT), 1, 0, 0, 68, 0);
    recorder.event(Kind.STATE | Flag.B_TO_A | (2 << Flag.STATE_SHIFT), 1, 0, 0, 7, 0);
    expect(judgedNow(recorder)).toMatchObject({ outcome: 'completed', counts: { aToB: 68, bToA: 7 }, waits: [] });
  });

  test('is as its verdict says, unless that was taken back', () => {
    const verdict = { outcome: 'livelocked', message: 'Polls move no byte', atMs: 5, direction: 'b -> a' } as const;
    const items: TraceItem[] = [{ kind: 'verdict', verdict }];
    expect(judgedNow(items)).toMatchObject({
      outcome: 'livelocked',
      direction: 'b -> a',
      message: 'Polls move no byte',
    });
    items.push({ kind: 'verdict', verdict: { outcome: 'recovered', message: 'Bytes move again', atMs: 6 } });
    expect(judgedNow(items)).toMatchObject({ outcome: 'open' });
  });

  test('is stuck while one of its connections is, whatever is said of the others, and of a busy loop', () => {
    const parked = { outcome: 'parked', message: 'Nobody will wake it', atMs: 5, connection: 1 } as const;
    const livelocked = { outcome: 'livelocked', message: 'Polls move no byte', atMs: 6, connection: 2 } as const;
    const moves = { outcome: 'recovered', message: 'Bytes move again', atMs: 7, connection: 2 } as const;
    const busy = { outcome: 'busy', message: 'The event loop stands still', atMs: 8 } as const;
    const turns = { outcome: 'recovered', message: 'The event loop turns again', atMs: 9 } as const;
    const items = [parked, livelocked, moves, busy, turns].map((verdict): TraceItem => ({ kind: 'verdict', verdict }));
    for (const said of [2, 3, 4, 5]) expect(judgedNow(items.slice(0, said)).outcome).toMatch(/^(?:parked|livelocked)$/);
    expect(judgedNow(items)).toMatchObject({ outcome: 'parked', message: 'Nobody will wake it' });
    items.push({ kind: 'verdict', verdict: { ...moves, connection: 1 } });
    expect(judgedNow(items)).toMatchObject({ outcome: 'open' });
  });

  test('is not well because one of its connections is', () => {
    const items: TraceItem[] = [
      { kind: 'connection', note: { connection: 1, end: 'STREAM_FAILED' } },
      { kind: 'connection', note: { connection: 2, end: 'completed' } },
      { kind: 'verdict', verdict: { outcome: 'completed', message: 'As a test saw it', atMs: 5, connection: 2 } },
    ];
    expect(judgedNow(items)).toMatchObject({ outcome: 'failed', code: 'STREAM_FAILED' });
    expect(judgedNow(items.slice(1))).toMatchObject({ outcome: 'completed', message: 'As a test saw it' });
  });

  test('in a file is read', async () => {
    expect(await judge('traces/golden/off-by-one.trace')).toMatchObject({
      what: 'a trace file',
      outcome: 'spinning',
      direction: 'a -> b',
      tracePath: 'traces/golden/off-by-one.trace',
    });
  });

  test('in a file that cannot be read is told in one line, without causes', async () => {
    const message = 'No trace at "hello": expected the path of a trace file, got one where nothing is';
    const missing = await Promise.resolve(judge('hello')).catch((error: unknown) => error);
    expect(missing).toMatchObject({ code: 'TRACE_UNREADABLE', message });
    expect(missing).not.toHaveProperty('cause');
    const folder = await Promise.resolve(judge('traces')).catch((error: unknown) => error);
    expect(folder).toMatchObject({ code: 'TRACE_UNREADABLE', message: expect.stringContaining('EISDIR') as string });
    expect(folder).not.toHaveProperty('cause');
  });
});

describe('what is live is waited for', () => {
  const PATIENCE = { ...DEFAULT_PATIENCE, limitMs: 60, withinMs: 300 };
  const ended = { pollWrite: () => PENDING, pollFlush: () => 0, pollShutdown: () => 0 };

  test('a copy that ends is over', async () => {
    const [client, inbound] = memoryPair();
    const [outbound, server] = memoryPair();
    const copy = copyBidirectional(inbound, outbound, { recorder: new Recorder() });
    const echoes = [copyBidirectional(client, await emptied()), copyBidirectional(server, await emptied())];
    expect(await judge(copy)).toMatchObject({ what: 'a copy', outcome: 'completed', counts: { aToB: 0, bToA: 0 } });
    await Promise.allSettled(echoes);
  });

  test('a half that nobody will wake is parked', async () => {
    const forgetful: PollStream = { ...ended, pollRead: () => PENDING };
    const stop = new AbortController();
    const copy = copyBidirectional(forgetful, forgetful, { recorder: new Recorder(), signal: stop.signal });
    const judged = await judge(copy, PATIENCE);
    expect(judged).toMatchObject({ what: 'a live copy', outcome: 'parked', direction: 'a -> b' });
    expect(judged.waits).toContain('a -> b waits for a to send, and nobody will wake it');
    stop.abort();
    await expect(copy).rejects.toThrow('aborted');
  });

  test('a copy that merely waits is waiting, and is waited for until the end', async () => {
    const stop = new AbortController();
    const [, inbound] = memoryPair();
    const [outbound] = memoryPair();
    const recorder = new Recorder();
    const copy = copyBidirectional(inbound, outbound, { recorder, signal: stop.signal });
    expect(await judge({ copy, recorder }, PATIENCE)).toMatchObject({ outcome: 'waiting' });
    const early = { ...PATIENCE, withinMs: 100_000, isEnough: ({ outcome }: Judged) => outcome === 'waiting' };
    expect(await judge({ recorder }, early)).toMatchObject({ what: 'a live relay', outcome: 'waiting' });
    stop.abort();
    await expect(copy).rejects.toThrow('aborted');
  });

  test('polls that move no byte are livelocked', async () => {
    const stormy: PollStream = {
      ...ended,
      pollRead: (cx) => {
        cx.register().wake();
        return PENDING;
      },
    };
    const stop = new AbortController();
    const copy = copyBidirectional(stormy, stormy, { recorder: new Recorder(), signal: stop.signal });
    expect(await judge(copy, { ...PATIENCE, withinMs: 100_000 })).toMatchObject({ outcome: 'livelocked' });
    stop.abort();
    await expect(copy).rejects.toThrow('aborted');
  });

  test('timers that the test fakes do not stop the wait', async () => {
    vi.useFakeTimers();
    try {
      expect(await judge({ recorder: new Recorder() }, PATIENCE)).toMatchObject({ outcome: 'waiting' });
      expect(await judge(new Promise(() => undefined), PATIENCE)).toMatchObject({ outcome: 'open' });
    } finally {
      vi.useRealTimers();
    }
  });

  test('what whoever watches it has said counts', async () => {
    const verdict = { outcome: 'spinning', message: 'The loop goes round', atMs: 1, direction: 'b -> a' } as const;
    const judged = await judge({ recorder: new Recorder(), verdicts: [verdict] }, PATIENCE);
    expect(judged).toMatchObject({ outcome: 'spinning', direction: 'b -> a', message: 'The loop goes round' });
  });

  test('a copy without a recorder shows whether it ends', async () => {
    expect(await judge(Promise.resolve({ aToB: 1, bToA: 2 }), PATIENCE)).toMatchObject({ outcome: 'completed' });
    expect(await judge(new Promise(() => undefined), PATIENCE)).toMatchObject({ outcome: 'open', trace: null });
  });

  /** A stream that is at its end. */
  async function emptied(): Promise<PollStream> {
    await Promise.resolve();
    return {
      pollRead: () => 0,
      pollWrite: (_cx, _bytes, start, end) => end - start,
      pollFlush: () => 0,
      pollShutdown: () => 0,
    };
  }
});

test.each([
  [undefined, 'got undefined'],
  [7, 'got 7'],
  [{ host: 'a', port: 1 }, 'got an object with host, port'],
  [[{ seq: 1, kind: 'read' }], 'got a list of 1'],
  [{ recorder: new Recorder(), copy: 3 }, 'expected its promise, counts or error, got 3'],
])('%j is no subject, and what would be is said in one line', (subject, got) => {
  expect(() => judge(subject)).toThrow(
    expect.objectContaining({ code: 'SUBJECT_INVALID', message: expect.stringContaining(got) as string }),
  );
});
