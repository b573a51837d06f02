import type { Direction } from '../../src/poll/direction.ts';
import type { HalfWatch } from './half-watch.ts';
import type { WaitingHalf } from './run-result.ts';
import type { WatchedStream } from './watched-stream.ts';

/** The halves that wait: a -> b first, its reader before its writer. */
export function waitingHalves(a: WatchedStream, b: WatchedStream): readonly WaitingHalf[] {
  return [a.reader, b.writer, b.reader, a.writer]
    .filter((half) => half.isWaiting)
    .map(({ direction, half, hasWaker }) => ({ direction, half, waker: hasWaker }));
}

/**
 * The direction that is to blame, where only one can be: the only one that is not done; else the only one with a half
 * that nobody can wake (parked), or that was woken again and again (livelocked).
 */
export function stuckDirection(a: WatchedStream, b: WatchedStream, outcome: 'parked' | 'livelocked'): Direction | null {
  const halves = { 'a -> b': [a.reader, b.writer], 'b -> a': [b.reader, a.writer] };
  const open = only((direction) => halves[direction].some((half) => half.half === 'write' && !half.isDone));
  const isGuilty = (half: HalfWatch): boolean =>
    outcome === 'parked' ? half.isWaiting && !half.hasWaker : half.isWoken;
  return open ?? only((direction) => halves[direction].some(isGuilty));
}

function only(test: (direction: Direction) => boolean): Direction | null {
  const [up, down] = [test('a -> b'), test('b -> a')];
  return up === down ? null : up ? 'a -> b' : 'b -> a';
}
