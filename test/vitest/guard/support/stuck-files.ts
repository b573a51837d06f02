import { OURS } from './guarded-run.ts';

/** One way in which a test file gets stuck, and what the guard has to say of it. */
export interface StuckFile {
  readonly text: string;
  /** Full name of the test that fails; null: the file itself does. */
  readonly title: string | null;
  /** What the report has to hold: where, in which loop, with which locals. */
  readonly says: readonly RegExp[];
  /** What the other tests of the file have come to, by full name. */
  readonly others: Readonly<Record<string, string>>;
}

const IMPORTS = `import { afterEach, beforeEach, describe, expect, test } from 'vitest';`;
const LOOP = `function drain(pos, cap) {
  let rounds = 0;
  while (pos !== cap) {
    rounds = (rounds + 1) % 1000;
  }
  return rounds;
}`;
const BEFORE = `test('comes before', () => { expect(1).toBe(1); });`;
const AFTER = `test('comes after', () => { expect(1).toBe(1); });`;
const OTHERS = { 'comes before': 'passed', 'comes after': 'skipped' };
/** The line of the loop, where the file begins with IMPORTS and LOOP. */
const IN_LOOP = /stuck\.test\.js:[456]\b/;
const LOCALS = [/drain/, /pos\W+69/, /cap\W+68/];

function file(...parts: readonly string[]): string {
  return `${[IMPORTS, LOOP, ...parts].join('\n')}\n`;
}

export const STUCK_FILES: Readonly<Record<string, StuckFile>> = {
  'a synchronous loop': {
    text: file(BEFORE, `test('spins', () => { drain(69, 68); });`, AFTER),
    title: 'spins',
    says: [IN_LOOP, ...LOCALS],
    others: OTHERS,
  },
  'a loop of microtasks': {
    text: file(
      BEFORE,
      `async function settle(pos, cap) {
  while (pos !== cap) {
    await null;
  }
}`,
      `test('spins', async () => { await settle(69, 68); });`,
      AFTER,
    ),
    title: 'spins',
    says: [/stuck\.test\.js:1[0-2]\b/, /settle/, /pos\W+69/, /cap\W+68/],
    others: OTHERS,
  },
  'a copy that goes round': {
    text: file(
      `import { copyBidirectional, memoryPair } from ${JSON.stringify(OURS)};`,
      BEFORE,
      `test('relays', async () => {
  const [inbound, client] = memoryPair();
  const [socket] = memoryPair();
  // The length of the message with its header of one byte, instead of what was taken of the slice.
  const outbound = {
    pollRead: (context) => socket.pollRead(context, new Uint8Array(1), 0, 1),
    pollWrite: (context, bytes, start, end) => end - start + 1,
    pollFlush: () => 0,
    pollShutdown: () => 0,
  };
  client.pollWrite({ register: () => ({ wake() {} }) }, new Uint8Array(68), 0, 68);
  await copyBidirectional(inbound, outbound, { dialect: 'tokio-1.12.0' });
});`,
      AFTER,
    ),
    title: 'relays',
    says: [/over-report-spin/, /pos\W+69/, /cap\W+68/],
    others: OTHERS,
  },
  'a hook': {
    text: file(
      BEFORE,
      `describe('with a hook', () => {
  beforeEach(() => { drain(69, 68); });
  test('is prepared', () => { expect(1).toBe(1); });
});`,
      AFTER,
    ),
    title: 'with a hook is prepared',
    says: [IN_LOOP, ...LOCALS, /beforeEach/],
    others: OTHERS,
  },
  'the file itself': {
    text: file(BEFORE, `drain(69, 68);`, AFTER),
    title: null,
    says: [IN_LOOP, ...LOCALS],
    others: {},
  },
  'one of tests that run at once': {
    text: file(
      BEFORE,
      `const turn = () => new Promise((resolve) => { setTimeout(resolve, 20); });`,
      `test.concurrent('first', async () => { for (let count = 0; count < 100; count += 1) await turn(); });`,
      `test.concurrent('second', async () => { await turn(); await turn(); drain(69, 68); });`,
      `test.concurrent('third', async () => { for (let count = 0; count < 100; count += 1) await turn(); });`,
    ),
    title: 'second',
    says: [IN_LOOP, ...LOCALS],
    others: { 'comes before': 'passed', first: 'skipped', third: 'skipped' },
  },
  'a test of describe.each': {
    text: file(
      BEFORE,
      `describe.each([1, 2, 3])('group %i', (group) => { test('spins', () => { if (group === 2) drain(69, 68); expect(1).toBe(1); }); });`,
      AFTER,
    ),
    title: 'group 2 spins',
    says: [IN_LOOP, ...LOCALS],
    others: {
      'comes before': 'passed',
      'group 1 spins': 'passed',
      'group 3 spins': 'skipped',
      'comes after': 'skipped',
    },
  },
  'the second attempt of a test': {
    text: file(
      BEFORE,
      `let attempts = 0;`,
      `test('spins', { ["retry"]: 2 }, () => { attempts += 1; if (attempts === 2) drain(69, 68); expect(attempts).toBe(3); });`,
      AFTER,
    ),
    title: 'spins',
    says: [IN_LOOP, ...LOCALS],
    others: OTHERS,
  },
};
