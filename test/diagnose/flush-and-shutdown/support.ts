import { flushAndShutdownDetectors } from '../../../src/diagnose/flush-and-shutdown/detectors.ts';
import type { Ending } from '../../../src/diagnose/detector.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import { found, type Told } from '../accounting/support.ts';

/** What all detectors of the family find together: `flush-lies a -> b`, with a mark where it is not certain. */
export function names(events: readonly Told[], ending: Partial<Ending> = {}, gaps: readonly number[] = []): string[] {
  return all(events, ending, gaps).map(
    ({ class: name, direction, confidence }) =>
      `${name} ${direction}${confidence === 'certain' ? '' : `, ${confidence}`}`,
  );
}

export function all(events: readonly Told[], ending: Partial<Ending> = {}, gaps: readonly number[] = []): Finding[] {
  return flushAndShutdownDetectors.flatMap((detector) => found(events, { detector, ending, gaps }));
}

export const PARKED: Partial<Ending> = { outcome: 'parked' };

export function flush(n: TraceEvent['n'], place: Partial<TraceEvent> = {}): Told {
  return { kind: 'flush', pos: 0, cap: 0, n: n ?? 0, offered: 0, ...place };
}

export function shutdown(n: TraceEvent['n'], place: Partial<TraceEvent> = {}): Told {
  return { kind: 'shutdown', pos: 0, cap: 0, n: n ?? 0, offered: 0, state: 'shutting-down', ...place };
}

/** What a stream tells from within a call of its write half. */
export function tells(kind: TraceEvent['kind'], n: TraceEvent['n'], place: Partial<TraceEvent> = {}): Told {
  return { kind, half: 'write', n: n ?? 0, offered: 0, ...place };
}

/** A call of the write half has registered. */
export const REGISTERED: Told = { kind: 'register', half: 'write', n: 0 };

/** Both sides are seen beneath: the stream that `a -> b` writes has been read. */
export const SEEN_BENEATH: Told = {
  kind: 'inner-read',
  half: 'read',
  direction: 'b -> a',
  n: 'pending',
  offered: 2048,
};
