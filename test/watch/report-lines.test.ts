import { expect, test } from 'vitest';
import { verdictLine } from '../../src/watch/report-lines.ts';

test('a verdict is one line on which nothing acts on the terminal, whatever a file is called', () => {
  const message = 'The thread stands in the system call read of /tmp/\u001b]0;title\u0007\nroot: the event loop …';
  expect(verdictLine({ outcome: 'blocked', message, atMs: 0 })).toBe(
    'relayscope: blocked: The thread stands in the system call read of /tmp/\\x1b]0;title\\x07\\x0aroot: the event loop …',
  );
});

test('a verdict is no longer than a person reads', () => {
  expect(verdictLine({ outcome: 'busy', message: 'x'.repeat(1e6), atMs: 0 })).toHaveLength(1018);
});
