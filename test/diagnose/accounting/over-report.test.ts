import { describe, expect, test } from 'vitest';
import { overReport } from '../../../src/diagnose/accounting/over-report.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import { found, loop, read, write, type Diagnosed, type Told } from './support.ts';

function findings(events: readonly Told[], how: Omit<Diagnosed, 'detector'> = {}): Finding[] {
  return found(events, { detector: overReport, ...how });
}

function brief(events: readonly Told[], how: Omit<Diagnosed, 'detector'> = {}): string[] {
  return findings(events, how).map(({ class: name, direction, seq }) => `${name} ${direction} at ${seq}`);
}

const CLAIM = [read(68), write(68, 69)];

describe('a write that reports more than it was offered', () => {
  test('is the spin of the story where its loop then goes round, and the loop is part of the proof', () => {
    const [finding] = findings([...CLAIM, loop(69, 68, { repeat: 20_771_345 })]);
    expect(finding).toMatchObject({
      class: 'over-report-spin',
      direction: 'a -> b',
      half: 'write',
      seq: 1,
      evidence: { events: [1, 2], numbers: { offered: 68, reported: 69, more: 1, pos: 69, cap: 68 } },
      confidence: 'certain',
    });
    expect(finding?.meaning).toBe(
      'A write was offered 68 bytes and reported 69, one more than the slice (a header counted in?): pos 69 has passed cap 68, and a loop that waits for pos == cap never ends',
    );
  });

  test.each<[string, Told]>([
    ['reads', read(20)],
    ['flushes', { kind: 'flush', n: 0 }],
    ['shuts down', { kind: 'shutdown', n: 0 }],
    ['writes', write(20, 20)],
    ['comes to an end of its loop where pos is no more than cap', loop(0, 0)],
  ])('is masked where its direction then %s', (_what, next) => {
    const [finding] = findings([...CLAIM, loop(69, 68), next]);
    expect(finding).toMatchObject({ class: 'over-report-masked', seq: 1, confidence: 'certain' });
    expect(finding?.meaning).toMatch(
      /: pos 69 has passed cap 68, which was forgotten when the buffer was reset, and the total is 1 too large$/,
    );
  });

  test('is not masked by what the other direction does', () => {
    expect(brief([...CLAIM, loop(69, 68), read(302, { direction: 'b -> a' })])).toEqual([
      'over-report-spin a -> b at 1',
    ]);
  });

  test('is counted for each direction by itself, and once however often it comes', () => {
    const down = { direction: 'b -> a' } as const;
    const events = [write(68, 69), read(20), write(20, 21), read(5), write(302, 303, down), read(1, down)];
    expect(brief(events)).toEqual(['over-report-masked a -> b at 0', 'over-report-masked b -> a at 4']);
    expect(findings(events).map(({ more }) => more)).toEqual([1, 0]);
  });

  test.each([
    ['WRITE_COUNT_INVALID', /the copy refused that and failed/],
    ['ASSERTION_FAILED', /an assertion stopped the copy/],
  ])('is the same defect where the copy fails with %s, and says so', (code, meaning) => {
    const [finding] = findings(CLAIM, { ending: { outcome: 'failed', code }, dialect: 'tokio-1.53.1-debug' });
    expect(finding).toMatchObject({ class: 'over-report-spin', seq: 1, confidence: 'certain' });
    expect(finding?.meaning).toMatch(meaning);
  });

  /** A process that was killed leaves no more; the releases before 1.39 can only spin then. */
  test.each([
    ['tokio-1.24.2', 'certain', []],
    ['tokio-1.53.1', 'likely', ['over-report-masked']],
    ['tokio-9.9.9', 'likely', ['over-report-masked']],
    [undefined, 'likely', ['over-report-masked']],
  ])('is a spin at the end of a trace of %s, and %s', (dialect, confidence, readings) => {
    const [finding] = findings(CLAIM, dialect === undefined ? {} : { dialect });
    expect(finding).toMatchObject({ class: 'over-report-spin', confidence });
    expect(finding?.readings.map(({ class: name }) => name)).toEqual(readings);
  });

  test('is a spin where whoever watched says so, though no loop is recorded', () => {
    expect(findings(CLAIM, { ending: { outcome: 'spinning' } })).toMatchObject([
      { confidence: 'certain', readings: [] },
    ]);
  });

  test('is masked in a copy that completes, whatever else is recorded of it', () => {
    expect(brief(CLAIM, { ending: { outcome: 'completed' } })).toEqual(['over-report-masked a -> b at 1']);
  });

  test('may have been recorded by a wrapper that does not see the buffer', () => {
    const [finding] = findings([read(68), write(68, 69, { pos: 0, cap: 0 })]);
    expect(finding?.evidence.numbers).toEqual({ offered: 68, reported: 69, more: 1, pos: 69, cap: 68 });
  });

  test('is no header if it is larger than any', () => {
    expect(findings([write(68, 500), loop(500, 68, { repeat: 5 })])[0]?.meaning).not.toContain('header');
    expect(findings([write(68, 72), loop(72, 68, { repeat: 5 })])[0]?.meaning).toContain('(a header counted in?)');
  });
});

describe('the length of an earlier slice', () => {
  test('of a write that was Pending', () => {
    const [finding] = findings([write(512, 'pending'), write(12, 512), loop(512, 12, { repeat: 9 })]);
    expect(finding).toMatchObject({ class: 'retry-shrunk', seq: 1, confidence: 'certain', readings: [] });
    expect(finding?.evidence.numbers).toMatchObject({ offered: 12, reported: 512, earlier: 512 });
    expect(finding?.meaning).toContain('the length of the slice before it, which was Pending');
  });

  test('of one that is longer by no more than a header, where it was Pending', () => {
    const [finding] = findings([write(69, 'pending'), write(68, 69), loop(69, 68, { repeat: 9 })]);
    expect(finding).toMatchObject({ class: 'retry-shrunk', confidence: 'certain', readings: [] });
  });

  test('of a write that was done', () => {
    expect(brief([write(68, 68), write(12, 68), read(1)])).toEqual(['retry-shrunk a -> b at 1']);
    expect(findings([write(68, 68), write(12, 68)], { dialect: 'tokio-1.12.0' })[0]?.confidence).toBe('certain');
  });

  test('is that each time, also where a slice is by chance as long as one that was claimed', () => {
    const events = [write(68, 68), write(12, 68), read(40), write(40, 12), write(28, 40), read(1)];
    expect(findings(events)).toMatchObject([{ class: 'retry-shrunk', more: 1 }]);
    const chained = [write(68, 68), write(50, 68), read(12), write(12, 50), read(1)];
    expect(findings(chained)).toMatchObject([{ class: 'retry-shrunk', more: 1 }]);
  });

  /** 69 bytes and then 68: one that counts its header reports 69 for the 68, which is the length before by chance. */
  test('may be a header where the two are as close as that', () => {
    const [finding] = findings([write(69, 69), write(68, 69), loop(69, 68, { repeat: 9 })]);
    expect(finding).toMatchObject({ class: 'retry-shrunk', confidence: 'likely' });
    expect(finding?.readings[0]?.class).toBe('over-report-spin');
  });

  test('is a header where the write before has counted one as well', () => {
    expect(brief([write(69, 70), read(68), write(68, 69), read(1)])).toEqual(['over-report-masked a -> b at 0']);
  });
});

describe('what is no count', () => {
  const nothing = { type: 'undefined', value: '' } as const;

  test.each([
    [{ type: 'number', value: Number.NaN }, 'NaN'],
    [nothing, 'undefined'],
    [{ type: 'string', value: '68' }, 'the text "68"'],
    [{ type: 'object', value: '' }, 'an object'],
  ] as const)('%j spins, and the finding says that it was %s', (n, said) => {
    const [finding] = findings([write(68, n), loop(0, 68, { pos: { type: 'number', value: Number.NaN }, repeat: 9 })]);
    expect(finding).toMatchObject({
      class: 'over-report-spin',
      seq: 0,
      evidence: { numbers: { offered: 68, cap: 68 } },
    });
    expect(finding?.meaning).toBe(
      `A write was offered 68 bytes and returned ${said}, which is no count: pos is no number any more, and a loop that waits for pos == cap never ends`,
    );
  });

  test('is masked where the buffer is reset', () => {
    const [finding] = findings([write(68, nothing), loop(0, 68, { pos: nothing }), read(20)]);
    expect(finding).toMatchObject({ class: 'over-report-masked', seq: 0 });
    expect(finding?.meaning).toMatch(/its total is no number$/);
  });

  test('is refused by a copy that checks', () => {
    const ending = { outcome: 'failed', code: 'WRITE_COUNT_INVALID' } as const;
    expect(findings([write(68, nothing)], { ending })[0]?.meaning).toMatch(
      /returned undefined, .*the copy refused that/,
    );
  });

  test.each([
    [-1, '-1'],
    [{ type: 'number', value: 67.5 }, '67.5'],
    [{ type: 'null', value: '' }, 'null'],
    [{ type: 'boolean', value: 'true' }, 'true'],
  ] as const)('%j has the copy send bytes again', (n, said) => {
    const [finding] = findings([write(68, n)]);
    expect(finding).toMatchObject({ class: 'under-report', seq: 0, confidence: 'certain' });
    expect(finding?.meaning).toContain(`returned ${said}, which is no count`);
  });

  test('a text that the copy goes on after has it send bytes again, too', () => {
    expect(brief([write(68, { type: 'string', value: '6' }), write(62, 62)])).toEqual(['under-report a -> b at 0']);
  });
});

test.each<[string, TraceEvent['n'], Partial<TraceEvent>]>([
  ['-1', -1, { cap: -1 }],
  ['NaN', { type: 'number', value: Number.NaN }, { cap: { type: 'number', value: Number.NaN } }],
])('what a reader makes of its places by returning %s is not held against the writer', (_said, n, place) => {
  expect(brief([read(n), loop(0, 0, { ...place, repeat: 9 })])).toEqual([]);
  expect(brief([read(n), write(0, 5, { ...place, offered: place.cap ?? 0 }), loop(5, 0, place)])).toEqual([]);
  expect(findings([read(n), read(68), ...CLAIM.slice(1), read(1)])).toMatchObject([{ class: 'over-report-masked' }]);
});

test.each<[string, Told[]]>([
  ['all of it', [read(68), write(68, 68), loop(68, 68), read(20)]],
  ['parts', [write(68, 40), write(28, 28, { pos: 40, cap: 68 }), loop(68, 68)]],
  ['nothing', [write(68, 0)]],
  ['Pending', [write(68, 'pending'), loop(0, 68), write(68, 'pending')]],
  ['a failure', [write(68, 'failed')]],
  [
    'more than 32 bits hold',
    [write(1, 1, { pos: { type: 'number', value: 2 ** 40 }, cap: { type: 'number', value: 2 ** 40 + 1 } })],
  ],
])('a write that answers with %s is right', (_what, events) => {
  expect(brief(events, { ending: { outcome: 'parked' } })).toEqual([]);
});
