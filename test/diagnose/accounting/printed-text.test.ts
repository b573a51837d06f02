import { describe, expect, test } from 'vitest';
import { importText } from '../../../harness/import/import-text.ts';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';

/** What the author of the story had in his hands: the prints of a patched tokio, in whatever words, and nothing else. */

async function findingsIn(text: string): Promise<Finding[]> {
  const diagnosis = new Diagnosis();
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(text));
  }
  for await (const item of importText(bytes(), { lines: 0, recognised: 0 })) diagnosis.item(item);
  diagnosis.end();
  return diagnosis.findings();
}

const LAST_PRINT = 'a -> b #4 pos=69 cap=68 read_done=false\n';

describe('the last print for ever is the spin, one more than the slice', () => {
  test.each([
    LAST_PRINT,
    '[a->b] cap: 68, pos: 69, read_done: false\n',
    'a→b pos 69 cap 68 readDone false\n',
    'client -> server CopyBuffer { read_done: false, pos: 69, cap: 68, amt: 69, buf: [1, 2, 3] }\n',
    'inbound to outbound | "pos": "69", "cap": "68", "read done": "false"\n',
    'a -> b (pos, cap, read_done) = (69, 68, false)\n',
    '2021-08-30T12:00:00.123Z DEBUG tokio::io::util > a -> b pos=69 cap=68 read_done=false\n',
  ])('%j', async (line) => {
    const findings = await findingsIn(line.repeat(50));
    expect(findings).toMatchObject([
      {
        class: 'over-report-spin',
        direction: 'a -> b',
        evidence: { numbers: { more: 1, pos: 69, cap: 68 } },
        readings: [{ class: 'read-cursor-regression' }],
        more: 0,
      },
    ]);
    expect(findings[0]?.meaning).toBe(
      'A write reported one more than the slice (a header counted in?): pos 69 has passed cap 68, and a loop that waits for pos == cap never ends',
    );
  });
});

describe('an earlier line shows what was offered and reported', () => {
  test.each([
    ['where the slice stood before', 'a -> b #1 pos=0 cap=0 read_done=false\na -> b #2 pos=0 cap=68 read_done=false\n'],
    ['what was read', 'a -> b poll_read -> Ready(Ok(68))\n'],
    ['what was read in addition', 'a -> b pos=0 cap=48 poll_read -> Ready(Ok(20))\n'],
    ['a write that was Pending', 'a -> b #2 pos=0 cap=68\na -> b poll_write: Pending\n'],
    ['a read that was Pending', 'a -> b #2 pos=0 cap=68\na -> b poll_read: Pending\n'],
    ['the write', 'a -> b pos=0 cap=68 poll_write(len=68) = Ready(Ok(69))\n'],
    ['the write without a place', 'a -> b poll_write offered 68, reported 69\n'],
  ])('%s', async (_what, before) => {
    const [finding, ...others] = await findingsIn(before + LAST_PRINT.repeat(50));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      class: 'over-report-spin',
      direction: 'a -> b',
      confidence: 'certain',
      evidence: { numbers: { offered: 68, reported: 69, more: 1, pos: 69, cap: 68 } },
    });
    expect(finding?.meaning).toMatch(
      /^A write was offered 68 bytes and reported 69, one more than the slice \(a header counted in\?\): /,
    );
  });

  test('of the rest of a slice', async () => {
    const [finding] = await findingsIn(`a -> b #3 pos=40 cap=68 read_done=false\n${LAST_PRINT.repeat(3)}`);
    expect(finding?.evidence.numbers).toMatchObject({ offered: 28, reported: 29 });
  });

  test('of what an earlier write has left', async () => {
    const [finding] = await findingsIn(
      `a -> b pos=0 cap=68 poll_write(len=68) = Ready(Ok(40))\n${LAST_PRINT.repeat(3)}`,
    );
    expect(finding?.evidence.numbers).toMatchObject({ offered: 28, reported: 29 });
  });

  test('of what was read in addition to a rest', async () => {
    const [finding] = await findingsIn(`a -> b pos=10 cap=48 poll_read -> Ready(Ok(20))\n${LAST_PRINT.repeat(3)}`);
    expect(finding?.evidence.numbers).toMatchObject({ offered: 58, reported: 59 });
  });

  test('not of one that had been written', async () => {
    const [finding] = await findingsIn(`a -> b #4 pos=68 cap=68 read_done=false\n${LAST_PRINT.repeat(3)}`);
    expect(finding?.evidence.numbers).toEqual({ more: 1, pos: 69, cap: 68 });
  });

  test('not of another slice', async () => {
    const [finding] = await findingsIn(`a -> b #4 pos=0 cap=20 read_done=false\n${LAST_PRINT.repeat(3)}`);
    expect(finding?.evidence.numbers).toEqual({ more: 1, pos: 69, cap: 68 });
  });
});

test('the other direction is told as such', async () => {
  expect(await findingsIn('b -> a pos=303 cap=302 read_done=true\n'.repeat(9))).toMatchObject([
    { class: 'over-report-spin', direction: 'b -> a', evidence: { numbers: { more: 1 } } },
  ]);
});

/** Prints of one iteration show it twice before the reset; the same print twice shows that it has come round. */
test('a release that resets its buffer goes on, and has a wrong total', async () => {
  const round = 'a -> b #2 pos=0 cap=68\na -> b #3 pos=69 cap=68\na -> b #4 pos=69 cap=68\na -> b #1 pos=0 cap=0\n';
  expect(await findingsIn(round.repeat(3))).toMatchObject([{ class: 'over-report-masked', more: 2 }]);
});

test('one print that has passed cap may yet be forgotten', async () => {
  expect(await findingsIn(`a -> b #3 pos=0 cap=68\n${LAST_PRINT}`)).toMatchObject([
    { class: 'over-report-spin', confidence: 'likely', readings: [{ class: 'over-report-masked' }] },
  ]);
});

test('a healthy copy that prints has no finding', async () => {
  const round =
    'a -> b #1 pos=0 cap=0 read_done=false\na -> b #2 pos=0 cap=68 read_done=false\na -> b #4 pos=68 cap=68 read_done=false\nb -> a #4 pos=0 cap=0 read_done=false\n';
  expect(await findingsIn(round.repeat(20))).toEqual([]);
});
