import { FAULTS } from '../faults/fault-registry.ts';

/** How the lines of events begin, after their direction: harness/report/event-text.ts. */
const BEGINNINGS = [
  'poll ',
  'read room ',
  'chunk room ',
  'write offered ',
  'flush ',
  'shutdown ',
  '#',
  'is running, ',
  'is shutting-down, ',
  'is done, ',
  'waits: its read half is registered',
  'waits: its write half is registered',
  'woken: its read half',
  'woken: its write half',
  '… ',
  'verdict ',
  'extension ',
  ...FAULTS.map(({ name }) => `fault ${name} `),
];

/** A line of an event as it is compared: spaces count once. */
export function oneSpace(text: string): string {
  return text.trim().replaceAll(/ +/g, ' ');
}

/**
 * Whether any event's line could begin so. What none begins with would be found missing where it is expected, but where no event may
 * have it (`never`) a slip of the pen would be a test that passes.
 */
export function beginsAnEvent(text: string): boolean {
  const line = oneSpace(text);
  const said = /^(?:a -> b|b -> a)/.test(line) ? line.slice('a -> b'.length).trimStart() : line;
  // The line is a part of the beginning, or goes on after it.
  return BEGINNINGS.some((begin) => begin.startsWith(said) || said.startsWith(begin));
}
