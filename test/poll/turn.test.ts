import { spawnSync } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Task } from '../../src/poll/task.ts';
import { flushAfterPolls, pollAfterTurn } from '../../src/poll/turn.ts';

test('flushes follow the polls of their turn, those that a poll asks for too', async () => {
  const order: string[] = [];
  flushAfterPolls(() => order.push('flush 1'));
  pollAfterTurn(() => {
    order.push('poll 1');
    flushAfterPolls(() => order.push('flush 2'));
  });
  pollAfterTurn(() => order.push('poll 2'));
  await nextTurn();
  expect(order).toEqual(['poll 1', 'poll 2', 'flush 1', 'flush 2']);
});

test('two tasks that wake each other, and one that wakes itself, let the event loop turn each time', async () => {
  const polls = { one: 0, two: 0, self: 0 };
  const one = new Task(() => {
    two.wake();
    return (polls.one += 1) === 1000;
  });
  const two = new Task(() => {
    one.wake();
    return (polls.two += 1) === 1000;
  });
  const self = new Task(() => {
    self.wake();
    return (polls.self += 1) === 1000;
  });
  for (const task of [one, self]) task.wake();
  for (let turn = 1; turn <= 10; turn += 1) {
    await nextTurn();
    expect(polls.self).toBeLessThanOrEqual(turn + 1);
    expect(polls.one).toBeLessThanOrEqual(turn + 1);
  }
  expect(polls.self).toBeGreaterThan(1);
  for (const task of [one, two, self]) task.end();
});

test('any number of wakes lead to one poll, and none after the end', async () => {
  let polls = 0;
  const task = new Task(() => (polls += 1) === 2);
  for (let i = 0; i < 3; i += 1) task.wake();
  await nextTurn();
  expect(polls).toBe(1);
  task.wake();
  await nextTurn();
  task.wake();
  await nextTurn();
  expect(polls).toBe(2);
  const ended = new Task(() => (polls += 1) === 0);
  ended.wake();
  ended.end();
  await nextTurn();
  expect(polls).toBe(2);
});

// What throws here ends the process, unless its owner has decided otherwise; then the other connections must go on.
test('a poll that throws takes no other poll with it', () => {
  const source = `
    import { pollAfterTurn, flushAfterPolls } from ${JSON.stringify(new URL('../../src/poll/turn.ts', import.meta.url).href)};
    process.on('uncaughtException', (error) => console.log(error.message));
    for (const name of ['one', 'two', 'three'])
      pollAfterTurn(() => { if (name === 'three') console.log(name); else throw new Error(name); });
    flushAfterPolls(() => console.log('flush'));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    timeout: 10_000,
    killSignal: 'SIGKILL',
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'one\ntwo\nthree\nflush\n', stderr: '' });
});
