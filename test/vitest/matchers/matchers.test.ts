import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import type { FindingClass } from '../../../src/diagnose/finding-class.ts';
import { memoryPair } from '../../../src/streams/memory-pair.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { runDocument } from '../../../harness/scenario/run-document.ts';
import { runScenario } from '../../../harness/sim/run-scenario.ts';
import { ScriptedStream } from '../../../harness/sim/scripted-stream.ts';
import { World } from '../../../harness/sim/world.ts';
import type { MatcherResult } from '../../../harness/vitest/matchers/ask.ts';
import { registerMatchers } from '../../../harness/vitest/matchers/register-matchers.ts';
import { toComplete } from '../../../harness/vitest/matchers/to-complete.ts';
import { toDeliver } from '../../../harness/vitest/matchers/to-deliver.ts';
import { toFailWith } from '../../../harness/vitest/matchers/to-fail-with.ts';
import { toHang, type HangKind } from '../../../harness/vitest/matchers/to-hang.ts';
import { toHaveFinding } from '../../../harness/vitest/matchers/to-have-finding.ts';
import { toHaveNoFindings } from '../../../harness/vitest/matchers/to-have-no-findings.ts';
import { readTrace } from '../../../harness/vitest/judged/judge-trace.ts';
import { scenarioOf, STORY } from '../../sim/scenario-of.ts';
import { matcherState } from './matcher-state.ts';

registerMatchers();

const SPINNING = scenarioOf({ a: STORY.a, b: { read: [{ received: 68 }, 302, 0], write: [{ d: 1 }] } });
const TEXT = scenarioOf({ a: { read: [{ text: 'GET /' }, 0] }, b: { read: [{ text: '302' }, 0] } });
const right = runScenario(STORY, { dialect: 'tokio-1.12.0' });
const spinning = runScenario(SPINNING, { dialect: 'tokio-1.12.0' });
const failed = runScenario(SPINNING, { dialect: 'checked' });
const text = runScenario(TEXT, { dialect: 'checked' });

const folder = mkdtempSync(join(tmpdir(), 'relayscope-matchers-'));

beforeAll(() => {
  vi.stubEnv('RELAYSCOPE_FAILED_TRACES', folder);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** What a matcher says of what is over, when it fails. */
function saidBy(result: MatcherResult | Promise<MatcherResult>): string {
  if (result instanceof Promise) throw new Error('Expected to be judged at once');
  expect(result.pass).toBe(false);
  return result.message();
}

describe('what holds passes, and its opposite behind not', () => {
  test('of what a run came to', async () => {
    await expect(right).toComplete();
    await expect(spinning).not.toComplete();
    await expect(spinning).toHang();
    await expect(spinning).toHang({ kind: 'spinning', direction: 'a -> b' });
    await expect(spinning).not.toHang({ kind: 'parked' });
    await expect(spinning).not.toHang({ direction: 'b -> a' });
    await expect(failed).not.toHang();
    await expect(failed).toFailWith('WRITE_COUNT_INVALID');
    await expect(failed).not.toFailWith('ABORTED');
    await expect(right).not.toFailWith('WRITE_COUNT_INVALID');
  });

  test('of what is found in its trace', async () => {
    await expect(spinning).toHaveFinding('over-report-spin');
    await expect(spinning).toHaveFinding('over-report-spin', { direction: 'a -> b' });
    await expect(spinning).not.toHaveFinding('over-report-spin', { direction: 'b -> a' });
    await expect(spinning).not.toHaveFinding('missed-flush');
    await expect(right).toHaveNoFindings();
    await expect(spinning).not.toHaveNoFindings();
  });

  test('of what was delivered: counts, texts and bytes', async () => {
    await expect(right).toDeliver({ aToB: 68, bToA: 302 });
    await expect(right).toDeliver({ bToA: 302 });
    await expect(right).not.toDeliver({ aToB: 67 });
    await expect(text).toDeliver({ aToB: 'GET /', bToA: Buffer.from('302') });
    await expect(text).not.toDeliver({ aToB: 'GET .' });
    // Not what was reported: the sink got the 68.
    await expect(spinning).toDeliver({ aToB: 68 });
    await expect({ aToB: 3, bToA: 4 }).toDeliver({ aToB: 3, bToA: 4 });
  });

  test('softly, polled, and of what a promise resolves to', async () => {
    await expect.soft(right).toComplete();
    const recorder = new Recorder();
    runScenario(STORY, { dialect: 'checked', recorder });
    await expect.poll(() => recorder).toHaveNoFindings();
    await expect(Promise.resolve(right)).resolves.toComplete();
    await expect(Promise.resolve(spinning)).resolves.not.toComplete();
  });

  test('of an error, by the code of its cause too', async () => {
    const [client, inbound] = memoryPair();
    const [outbound] = memoryPair();
    const copy = copyBidirectional(inbound, outbound, { recorder: new Recorder() });
    client.abort?.(new Error('gone'));
    await expect(copy).toFailWith('STREAM_FAILED');
    await expect(copy).toFailWith('PEER_ABORTED');
    await expect(copy).rejects.toFailWith('PEER_ABORTED');
    await expect(copy).not.toComplete();
  });
});

describe('what fails says', () => {
  test('what came, the last events, the finding, the trace and the command', async () => {
    const said = saidBy(toComplete(matcherState({ testPath: join(process.cwd(), 'test/relay.test.ts') }), spinning));
    const lines = said.split('\n');
    expect(lines[0]).toBe(
      'Expected a run in memory to complete, but it was spinning, a -> b: Spinning in a -> b: an iteration did no I/O and changed nothing: 1 in a row',
    );
    expect(lines).toContain('       6  a -> b  write  offered 68, reported 69  (pos 0, cap 68)');
    expect(said).toContain('\n  finding: over-report-spin (a -> b): A write was offered 68 bytes and reported 69');
    const path = join(folder, 'test-relay.trace');
    expect(said).toMatch(/\n {2}trace: .*test-relay\.trace \(npx relayscope why .*test-relay\.trace\)\n/);
    expect(lines.at(-1)).toBe('  again: npx vitest run test/relay.test.ts');
    const kept = await readTrace(path);
    expect(kept.find(({ kind }) => kind === 'verdict')).toMatchObject({ verdict: { outcome: 'spinning' } });
  });

  test('in the trace, of which connection it speaks, and that nobody writes to it any more', async () => {
    const recorder = new Recorder();
    const [[client, inbound], [outbound, server]] = [memoryPair(), memoryPair()];
    client.abort?.(new Error('gone'));
    await expect(copyBidirectional(inbound, outbound, { recorder })).toFailWith('STREAM_FAILED');
    server.abort?.(new Error('gone'));
    const ends = (name: 'a' | 'b'): ScriptedStream => new ScriptedStream(name, { read: [0] }, []);
    const counts = await copyBidirectional(ends('a'), ends('b'), { recorder });
    const state = matcherState({ testPath: join(process.cwd(), 'test/second.test.ts') });
    const [, path = ''] = /trace: (\S+)/.exec(saidBy(toDeliver(state, counts, { aToB: 5 }))) ?? [];
    const kept = await readTrace(path);
    expect(kept.find(({ kind }) => kind === 'verdict')).toMatchObject({
      verdict: { outcome: 'completed', connection: 2, message: 'As a test saw it: connection 2 completed' },
    });
    expect(kept).toContainEqual({ kind: 'end', note: { reason: 'closed', atMs: expect.any(Number) as number } });
  });

  test('what each half waits for', () => {
    const parked = runScenario(scenarioOf({ a: { read: [68, 'x'] }, b: { read: [{ received: 100 }] } }), {
      dialect: 'checked',
    });
    expect(saidBy(toComplete(matcherState(), parked)).split('\n')).toEqual(
      expect.arrayContaining(['  a -> b waits to read, and nobody is to wake it', '  b -> a waits to read']),
    );
  });

  test('what was found instead', () => {
    expect(saidBy(toHaveFinding(matcherState(), spinning, 'missed-flush', { direction: 'b -> a' }))).toMatch(
      /^Expected a run in memory to have the finding missed-flush, b -> a, but it has over-report-spin, a -> b\n/,
    );
    expect(saidBy(toHaveFinding(matcherState(), right, 'missed-flush'))).toMatch(/, but nothing was found\n/);
    expect(saidBy(toHaveNoFindings(matcherState(), spinning))).toMatch(
      /^Expected a run in memory to have no findings, but it has over-report-spin, a -> b\n/,
    );
  });

  test('where bytes part, and what is counted', () => {
    const said = saidBy(toDeliver(matcherState(), text, { aToB: 'GET .', bToA: 4 }));
    expect(said.split('\n').slice(0, 3)).toEqual([
      'Expected a run in memory to deliver these 5 bytes a -> b and 4 bytes b -> a, but it did not',
      '  a -> b: they part at byte 4 of 5: expected "GET .", got "GET /"',
      '  b -> a: expected 4 bytes, got 3 bytes',
    ]);
    const reported = saidBy(toDeliver(matcherState(), { aToB: 1, bToA: 2 }, { aToB: 2 }));
    expect(reported).toContain('  a -> b: expected 2 bytes, got 1 byte, as reported');
  });

  test('with which code it failed', () => {
    expect(saidBy(toFailWith(matcherState(), failed, 'ABORTED'))).toMatch(
      /^Expected a run in memory to fail with ABORTED, but it failed with WRITE_COUNT_INVALID, a -> b: Wrong count/,
    );
  });

  test('that it did, behind not', () => {
    const result = toComplete(matcherState({ isNot: true }), right);
    expect(result).toMatchObject({ pass: true });
    expect((result as MatcherResult).message()).toMatch(/^Expected a run in memory not to complete, but it did\n/);
  });

  test('nothing, and keeps no trace, while all is well', () => {
    const state = matcherState({ testPath: join(process.cwd(), 'test/quiet.test.ts') });
    expect(toComplete(state, right)).toMatchObject({ pass: true });
    expect(existsSync(join(folder, 'test-quiet.trace'))).toBe(false);
  });

  test('that a document is not as it says, whatever was asked', async () => {
    const document = {
      file: 'scenarios/story.md',
      prose: 'The story.',
      scenario: { ...SPINNING, dialects: ['tokio-1.12.0'] },
    };
    const result = await runDocument(document, { filter: { chunkBytes: 'own', swapped: false } });
    for (const isNot of [false, true]) {
      const judged = toHang(matcherState({ isNot }), result) as MatcherResult;
      expect(judged.pass).toBe(isNot);
      expect(judged.message().split('\n').slice(0, 2)).toEqual([
        'The document is not as it says',
        '  scenarios/story.md: 1 of 1 run failed: a test',
      ]);
      expect(judged.message()).toContain('again: npx relayscope run scenarios/story.md --dialect tokio-1.12.0');
    }
  });
});

describe('what is asked wrongly is said in one line', () => {
  const message = (ask: () => unknown): string => {
    try {
      ask();
    } catch (error) {
      if (error instanceof Error) return `${(error as { code?: string }).code ?? ''}: ${error.message}`;
    }
    return 'nothing was thrown';
  };
  const state = matcherState();

  test('a name that does not exist, with the one that was meant', () => {
    expect(message(() => toHaveFinding(state, right, 'mised-flush' as FindingClass))).toBe(
      'MATCHER_ARGUMENT_INVALID: Wrong class of toHaveFinding: expected "missed-flush", or another of 44 names, got "mised-flush"',
    );
    expect(message(() => toHang(state, right, { kind: 'spining' as HangKind }))).toBe(
      'MATCHER_ARGUMENT_INVALID: Wrong kind of toHang: expected "spinning", or another of 6 names, got "spining"',
    );
    expect(message(() => toHang(state, right, { direction: 'a to b' as 'a -> b' }))).toMatch(
      /^MATCHER_ARGUMENT_INVALID: Wrong direction of toHang: expected "a -> b"/,
    );
  });

  test('an option that does not exist, and a value that cannot be', () => {
    expect(message(() => toHang(state, right, { knd: 'parked' } as object))).toBe(
      'MATCHER_ARGUMENT_INVALID: Wrong option of toHang: expected "kind", or another of 4 names, got "knd"',
    );
    expect(message(() => toComplete(state, right, { withinMs: -1 }))).toBe(
      'MATCHER_ARGUMENT_INVALID: Wrong withinMs of a matcher: expected milliseconds, more than 0, got -1',
    );
    expect(message(() => toDeliver(state, right, {}))).toBe(
      'MATCHER_ARGUMENT_INVALID: Wrong argument of toDeliver: expected { aToB, bToA }, at least one of them, got neither',
    );
    expect(message(() => toDeliver(state, right, { aToB: 1.5 }))).toMatch(
      /expected a count, a text or a Uint8Array, got 1.5$/,
    );
    expect(message(() => toFailWith(state, right, ''))).toMatch(/^MATCHER_ARGUMENT_INVALID: Wrong code of toFailWith/);
  });

  test('a subject that cannot know', () => {
    const kept = new World().run(SPINNING, { dialect: 'tokio-1.12.0' });
    for (const isNot of [false, true])
      expect(message(() => toHaveFinding(matcherState({ isNot }), kept, 'missed-flush'))).toMatch(
        /^SUBJECT_UNKNOWING: Wrong subject of toHaveFinding: expected one with a trace/,
      );
    expect(message(() => toDeliver(state, { aToB: 1, bToA: 1 }, { aToB: 'x' }))).toMatch(
      /^SUBJECT_UNKNOWING: Wrong subject of toDeliver/,
    );
  });
});
