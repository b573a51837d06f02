import { expect, test } from 'vitest';
import { prematureTeardown } from '../../../src/diagnose/termination/premature-teardown.ts';
import { namesOf, Story } from './story.ts';

const COMPLETED = { outcome: 'completed' } as const;

/** a has ended, and that has ended the copy; b's answer is in the buffer. */
function torn(): Story {
  return new Story()
    .poll()
    .read('b -> a', 302)
    .write('b -> a', 302, 100)
    .write('b -> a', 202, 'pending')
    .read('a -> b', 0)
    .flush('a -> b');
}

test('a copy that is complete with one direction under way has dropped it, and what it held', () => {
  const [finding] = torn().findings(prematureTeardown, COMPLETED);
  expect(finding).toMatchObject({
    class: 'premature-teardown',
    direction: 'b -> a',
    confidence: 'certain',
    evidence: { numbers: { inBuffer: 202, bytes: 100 } },
  });
  expect(finding?.meaning).toContain('202 bytes that it held are lost');
});

test('a direction that has read its end and not written everything is dropped, too', () => {
  const late = new Story().poll().read('b -> a', 302).read('b -> a', 0).write('b -> a', 302, 'pending').ends('a -> b');
  expect(namesOf(late.findings(prematureTeardown, COMPLETED))).toEqual(['premature-teardown (b -> a), certain']);
});

test('what fails, is aborted, or is still open has not called itself complete', () => {
  for (const code of ['STREAM_FAILED', 'ABORTED', 'HALF_CLOSE_TIMEOUT'])
    expect(torn().findings(prematureTeardown, { outcome: 'failed', code })).toEqual([]);
  for (const outcome of ['open', 'parked', 'unfinished'] as const)
    expect(torn().findings(prematureTeardown, { outcome })).toEqual([]);
});

test('a copy whose directions have both ended is whole', () => {
  const whole = new Story().poll().read('a -> b', 68).write('a -> b', 68).ends('a -> b').ends('b -> a');
  expect(whole.findings(prematureTeardown, COMPLETED)).toEqual([]);
});

test('who records one direction alone, as of a pipe, is told nothing about the other', () => {
  const oneWay = (): Story => new Story().read('a -> b', 68).write('a -> b', 68).ends('a -> b');
  expect(oneWay().findings(prematureTeardown, COMPLETED)).toEqual([]);
  const readable = oneWay().socket('b -> a', 'read', 'readable');
  expect(namesOf(readable.findings(prematureTeardown, COMPLETED))).toEqual(['premature-teardown (b -> a), certain']);
});

test('records that are missing may have had the end of the other direction', () => {
  const cut = (): Story => new Story().poll().read('b -> a', 302).write('b -> a', 302).waits('b -> a').gap(1000).poll();
  expect(cut().ends('a -> b').findings(prematureTeardown, COMPLETED)).toEqual([]);
  expect(namesOf(cut().waits('b -> a').ends('a -> b').findings(prematureTeardown, COMPLETED))).toEqual([
    'premature-teardown (b -> a), certain',
  ]);
});
