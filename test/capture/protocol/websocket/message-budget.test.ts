import { expect, test } from 'vitest';
import { MessageBudget } from '../../../../harness/capture/protocol/websocket/message-budget.ts';
import { MessageBuffer } from '../../../../harness/capture/protocol/websocket/message-buffer.ts';

const MIB = 1024 * 1024;

test('all messages together have a limit, and what one has given back another may take', () => {
  const budget = new MessageBudget();
  expect(budget.take(500 * MIB)).toBe(true);
  const [one, other] = [new MessageBuffer(budget), new MessageBuffer(budget)];
  const bytes = Buffer.alloc(10 * MIB, 1);
  expect(one.add(bytes, 0, bytes.length, 0, 0, bytes.length)).toBe(true);
  expect(other.add(bytes, 0, bytes.length, 0, 0, bytes.length)).toBe(false);
  expect(other.length).toBe(0);
  expect(one.take()).toHaveLength(10 * MIB);
  expect(other.add(bytes, 0, bytes.length, 0, 0, bytes.length)).toBe(true);
});
