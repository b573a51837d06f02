import type { Direction } from '../../src/poll/direction.ts';
import { EVENT_KINDS, type EventKind } from '../../src/trace/event-kind.ts';
import { EventFilter } from '../report/event-filter.ts';
import { integerOption } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

/** The kinds that an event can have: an extension belongs to the record before it. */
const KINDS = EVENT_KINDS.filter((kind) => kind !== 'extension');

/** What `--direction`, `--connection` and `--kind` ask for. Throws a UsageError. */
export function eventFilter(values: {
  readonly direction?: string | undefined;
  readonly connection?: readonly string[] | undefined;
  readonly kind?: readonly string[] | undefined;
}): EventFilter {
  return new EventFilter({
    ...(values.direction === undefined ? {} : { direction: directionOption(values.direction) }),
    ...(values.connection === undefined ? {} : { connections: new Set(listOf(values.connection).map(connection)) }),
    ...(values.kind === undefined ? {} : { kinds: new Set(listOf(values.kind).map(kindOption)) }),
  });
}

/** `a -> b` needs quotes in a shell; `a-b` and `ab` do not. */
function directionOption(text: string): Direction {
  const ends = text.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (ends === 'ab' || ends === 'atob') return 'a -> b';
  if (ends === 'ba' || ends === 'btoa') return 'b -> a';
  throw new UsageError(`Wrong --direction: expected "a -> b" or "b -> a" (or ab, ba), got ${JSON.stringify(text)}`);
}

function connection(text: string): number {
  return integerOption('connection', text, 0, 0x7fffffff);
}

function kindOption(text: string): EventKind {
  const found = KINDS.find((kind) => kind === text);
  if (found !== undefined) return found;
  throw new UsageError(`Wrong --kind: expected one of ${KINDS.join(', ')}, got ${JSON.stringify(text)}`);
}

/** An option may come several times, or with commas. */
function listOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(',')).map((text) => text.trim());
}
