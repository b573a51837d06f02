import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CheckOptions } from '../../harness/check/check-options.ts';
import { findBreaches } from '../../harness/check/find-breaches.ts';
import { runCase } from '../../harness/check/run-case.ts';
import type { CaseStep, StreamCase } from '../../harness/check/stream-case.ts';
import { STREAM_LAWS, type StreamLaw } from '../../harness/check/stream-law.ts';
import { subjectOf } from '../../harness/check/subject-of.ts';
import type { Subject } from '../../harness/check/subject.ts';
import { requires } from '../requires.ts';
import { NPM_WRAPPERS, type NpmWrapper } from './npm/wrappers.ts';

/**
 * Wrappers of streams that people use, at the versions of npm/wrappers.ts: which laws each breaks, and the least that shows
 * it. All of it was seen again in a few lines of Node alone, without anything of ours; docs/check.md has the table.
 */

const RUNS = 200;
const SEED = 1;

const folder = mkdtempSync(join(tmpdir(), 'relayscope-npm-'));
const isInstalled = requires('the registry of npm', () => {
  const packages = Object.values(NPM_WRAPPERS).map(({ name, version }) => `${name}@${version}`);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: 120_000,
  });
});
const load = createRequire(join(folder, 'index.js'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Name = keyof typeof NPM_WRAPPERS;

/** All laws that are broken in these cases; the others, but for those that cannot be judged beside them, are kept. */
const BROKEN: readonly [name: Name, broken: readonly StreamLaw[], unjudged: readonly StreamLaw[]][] = [
  ['readable-stream', [], []],
  ['ws', ['end'], []],
  ['socks', ['conservation'], ['wakers', 'end', 'shutdown']],
  ['duplexify', ['shutdown'], []],
  ['duplexer2', ['shutdown'], []],
  ['pumpify', ['counts', 'end', 'flush', 'shutdown'], []],
  ['duplexer3', ['shutdown'], []],
  ['yamux-js', ['end', 'shutdown', 'conservation'], ['wakers']],
  ['stream-composer', [], []],
  ['@httptoolkit/websocket-stream', ['end', 'shutdown', 'back-pressure'], []],
  ['websocket-stream', ['end', 'shutdown', 'back-pressure'], []],
  // Not simple-websocket: each case would wait a second for its timer.
];

describe.runIf(isInstalled)('in the fixed cases and in cases made by chance', () => {
  test.for(BROKEN)('%s breaks %j', async ([name, broken, unjudged]) => {
    const subject = subjectFor(name);
    const { found } = await findBreaches(subject, { runs: RUNS, seed: SEED });
    const laws = new Set(found.broken.map(({ breach }) => breach.law));
    expect(STREAM_LAWS.filter((law) => laws.has(law))).toEqual(broken);
    expect(STREAM_LAWS.filter((law) => found.has(law) && !laws.has(law))).toEqual(unjudged);
  });
});

const TURN: CaseStep = { kind: 'turn' };
const FAIL: CaseStep = { kind: 'fail' };
const FAR_END: CaseStep = { kind: 'far-end' };
const ONE_BYTE_COMES: CaseStep = { kind: 'far-write', bytes: 1 };
const FLOOD: StreamCase = { inner: { capacityBytes: 1024 }, steps: [{ kind: 'far-write', bytes: 100_000 }, TURN] };

const ENDS_LOST = 'A read returned 0, the end of the stream, after 0 bytes, and the far end has not ended';
const NEVER_CAME =
  'The reading half waits, nobody is left to wake it, and 1 bytes have come that even a poll does not hand out';
const FINISHED_FOR_NOTHING = 'The inner side has failed, and pollShutdown returned 0';
const CLOSED_UNREAD = "pollRead threw Error: Duplex closed before its 'end', and nothing beneath had failed";
const KEPT = '100000 bytes were taken from beneath that nobody has read: expected at most 67584';

const SMALLEST: readonly [name: Name, law: StreamLaw, message: string, streamCase: StreamCase][] = [
  // A connection that is lost is an 'end', and no error.
  ['ws', 'end', ENDS_LOST, { inner: {}, steps: [FAIL] }],
  // It is handed over flowing: what comes before there is a listener goes nowhere.
  ['socks', 'wakers', NEVER_CAME, { inner: {}, steps: [ONE_BYTE_COMES] }],
  [
    'socks',
    'end',
    'A read returned 0, the end of the stream, after 0 of 1 bytes',
    { inner: {}, steps: [ONE_BYTE_COMES, FAR_END] },
  ],
  // 'finish' does not wait until the end has been passed on, which then fails.
  ['duplexify', 'shutdown', FINISHED_FOR_NOTHING, { inner: {}, steps: [FAR_END, FAIL] }],
  ['duplexer2', 'shutdown', FINISHED_FOR_NOTHING, { inner: {}, steps: [FAR_END, FAIL] }],
  ['duplexer3', 'shutdown', FINISHED_FOR_NOTHING, { inner: {}, steps: [FAR_END, FAIL] }],
  // When the far end has ended, all of it is destroyed, with what is still to be written.
  [
    'pumpify',
    'shutdown',
    'The far end was told the end, and nobody has shut down',
    { inner: {}, steps: [], endsFirst: 'far' },
  ],
  [
    'pumpify',
    'counts',
    "pollWrite threw Error: Duplex closed before its 'finish', and nothing beneath had failed",
    { inner: {}, steps: [FAR_END, TURN, { kind: 'write', bytes: 1 }] },
  ],
  // A frame that comes in two chunks is dropped; an end is told neither way.
  ['yamux-js', 'wakers', NEVER_CAME, { inner: { chunkBytes: 7 }, steps: [ONE_BYTE_COMES] }],
  ['yamux-js', 'shutdown', 'pollShutdown returned 0, and the far end was never told the end', { inner: {}, steps: [] }],
  [
    'yamux-js',
    'end',
    'The far end has ended, all has been read, and pollRead stays PENDING',
    { inner: {}, steps: [], endsFirst: 'far' },
  ],
  // 'close' comes before what is there to read, and its end.
  ['simple-websocket', 'end', `${CLOSED_UNREAD} (1000 ms were given to its timers)`, { inner: {}, steps: [] }],
  ['@httptoolkit/websocket-stream', 'end', CLOSED_UNREAD, { inner: {}, steps: [] }],
  ['websocket-stream', 'end', CLOSED_UNREAD, { inner: {}, steps: [] }],
  // A connection that is lost is a 'finish', and no error.
  ['simple-websocket', 'shutdown', FINISHED_FOR_NOTHING, { inner: {}, steps: [FAIL] }],
  ['@httptoolkit/websocket-stream', 'shutdown', FINISHED_FOR_NOTHING, { inner: {}, steps: [FAIL] }],
  ['websocket-stream', 'shutdown', FINISHED_FOR_NOTHING, { inner: {}, steps: [FAIL] }],
  // They read whatever comes, and simple-websocket writes whatever it is given.
  ['simple-websocket', 'back-pressure', KEPT, FLOOD],
  ['@httptoolkit/websocket-stream', 'back-pressure', KEPT, FLOOD],
  ['websocket-stream', 'back-pressure', KEPT, FLOOD],
  [
    'simple-websocket',
    'back-pressure',
    '81920 bytes were taken by pollWrite while nobody reads: expected PENDING at 66560 or before',
    { inner: { capacityBytes: 1024 }, steps: [{ kind: 'write', bytes: 100_000 }, TURN] },
  ],
];

describe.runIf(isInstalled)('in the smallest case', () => {
  test.for(SMALLEST)('%s breaks %s: %s', async ([name, law, message, streamCase]) => {
    const breach = await runCase(subjectFor(name, { maxBufferedBytes: 65_536 }), streamCase);
    expect(breach).toMatchObject({ law, message });
  });
});

function subjectFor(name: Name, more: Pick<CheckOptions, 'maxBufferedBytes'> = {}): Subject {
  const wrapper: NpmWrapper = NPM_WRAPPERS[name];
  const module = load(wrapper.name) as never;
  if (wrapper.inner === 'websocket') return subjectOf(wrapper.make(module), { inner: 'websocket', ...more });
  const { peer } = wrapper;
  return subjectOf(wrapper.make(module), { inner: 'duplex', ...more, ...(peer === undefined ? {} : { peer }) });
}
