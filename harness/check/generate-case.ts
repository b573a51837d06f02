import type { Random } from '../sim/random.ts';
import { MAX_CALLS_PER_STEP } from './bounded-case.ts';
import type { CaseStep, InnerBehaviour, StreamCase } from './stream-case.ts';

const MAX_STEPS = 16;
/** Sizes at which buffers have their edges. */
const SIZES = [
  1, 2, 3, 7, 16, 61, 100, 125, 126, 255, 256, 1000, 1023, 1024, 4095, 4096, 8191, 8192, 16_384, 32_769, 65_535, 65_536,
] as const;
const CAPACITIES = [1, 5, 16, 100, 1024, 4096, 16_384, 65_536] as const;

export interface GenerateOptions {
  /** Without half-close nothing is ended before the steps are through. */
  readonly carriesHalfClose: boolean;
}

/** One case by chance: the same for the same state of `random`. */
export function generateCase(random: Random, { carriesHalfClose }: GenerateOptions): StreamCase {
  const inner = generateInner(random);
  const steps: CaseStep[] = [];
  const count = 1 + random.below(MAX_STEPS);
  const most = MAX_CALLS_PER_STEP * Math.min(inner.capacityBytes ?? Infinity, inner.chunkBytes ?? Infinity);
  const size = (): number => Math.min(most, sizeOf(random));
  while (steps.length < count) steps.push(generateStep(random, size, carriesHalfClose));
  return random.below(2) === 0 ? { inner, steps } : { inner, steps, endsFirst: 'far' };
}

/** What it does not say is as usual. Half of them do nothing out of the ordinary but one thing. */
function generateInner(random: Random): InnerBehaviour {
  const all = random.below(2) === 0;
  const one = random.below(6);
  const has = (index: number): boolean => (all ? random.below(2) === 0 : index === one);
  return {
    ...(has(0) ? { capacityBytes: pick(random, CAPACITIES) } : {}),
    ...(has(1) ? { chunkBytes: pick(random, SIZES) } : {}),
    ...(has(2) ? { pendingEvery: 1 + random.below(4) } : {}),
    ...(has(3) ? { wakesAtOnce: true } : {}),
    ...(has(4) ? { holds: true } : {}),
    ...(has(5) ? { chunks: true } : {}),
  };
}

function generateStep(random: Random, size: () => number, carriesHalfClose: boolean): CaseStep {
  switch (random.below(carriesHalfClose ? 24 : 22)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return { kind: 'write', bytes: size(), ...(random.below(2) === 0 ? { given: true } : {}) };
    case 4:
    case 5:
    case 6:
    case 7:
      return { kind: 'read', bytes: size(), ...(random.below(4) === 0 ? { chunk: true } : {}) };
    case 8:
    case 9:
      return { kind: 'flush' };
    case 10:
      return {
        kind: 'poll',
        half: random.below(2) === 0 ? 'read' : 'write',
        ...(random.below(2) === 0 ? { newWaker: true } : {}),
      };
    case 11:
    case 12:
    case 13:
      return { kind: 'far-write', bytes: size() };
    case 14:
    case 15:
    case 16:
      return { kind: 'far-read', bytes: size() };
    case 21:
      return carriesHalfClose ? { kind: 'shutdown' } : failure(random);
    case 22:
      return { kind: 'far-end' };
    case 23:
      return failure(random);
    default:
      return { kind: 'turn' };
  }
}

/** Seldom: it is the end of the case. */
function failure(random: Random): CaseStep {
  return random.below(4) === 0 ? { kind: 'fail' } : { kind: 'turn' };
}

/** At an edge, or small. */
function sizeOf(random: Random): number {
  return random.below(3) === 0 ? pick(random, SIZES) : 1 + random.below(200);
}

function pick(random: Random, from: readonly number[]): number {
  return from[random.below(from.length)] ?? 1;
}
