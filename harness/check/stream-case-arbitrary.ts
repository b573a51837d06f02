import type * as FastCheck from 'fast-check';
import type { Half } from '../../src/poll/direction.ts';
import type { CaseStep, InnerBehaviour, StreamCase } from './stream-case.ts';

/** As large as the edges of buffers get. */
const MOST_BYTES = 65_536;
const MOST_PENDING = 4;
const MOST_STEPS = 16;

export interface StreamCasesOptions {
  /** Without half-close nothing is ended before the steps are through. Default: true. */
  readonly carriesHalfClose?: boolean;
  /** Default: 16. */
  readonly maxSteps?: number;
}

/**
 * Cases for a stream, as fast-check makes them and makes them small: fewer steps, fewer bytes, an inner side that does nothing out
 * of the ordinary. A case that somebody else has made is made small by it just the same.
 *
 * @param fc fast-check is optional: whoever has it brings it.
 */
export function streamCaseArbitrary(
  fc: typeof FastCheck,
  { carriesHalfClose = true, maxSteps = MOST_STEPS }: StreamCasesOptions = {},
): FastCheck.Arbitrary<StreamCase> {
  return fc.record(
    {
      inner: innerBehaviour(fc),
      steps: fc.array(caseStep(fc, carriesHalfClose), { maxLength: maxSteps }),
      endsFirst: fc.constantFrom<('near' | 'far')[]>('near', 'far'),
    },
    { requiredKeys: ['inner', 'steps'], noNullPrototype: true },
  );
}

/** A key that is not there is as usual, so each shrinks to its absence. */
function innerBehaviour(fc: typeof FastCheck): FastCheck.Arbitrary<InnerBehaviour> {
  return fc.record(
    {
      capacityBytes: bytes(fc),
      chunkBytes: bytes(fc),
      pendingEvery: fc.integer({ min: 1, max: MOST_PENDING }),
      wakesAtOnce: fc.constant(true),
      holds: fc.constant(true),
      chunks: fc.constant(true),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
}

function caseStep(fc: typeof FastCheck, carriesHalfClose: boolean): FastCheck.Arbitrary<CaseStep> {
  const step = (
    kind: CaseStep['kind'],
    fields: Readonly<Record<string, FastCheck.Arbitrary<unknown>>>,
    optional: Readonly<Record<string, FastCheck.Arbitrary<true>>> = {},
  ): FastCheck.Arbitrary<CaseStep> =>
    // The fields below are those that `CaseStep` has for the kind.
    fc.record<Record<string, unknown>, string>(
      { kind: fc.constant(kind), ...fields, ...optional },
      { requiredKeys: ['kind', ...Object.keys(fields)], noNullPrototype: true },
    ) as unknown as FastCheck.Arbitrary<CaseStep>;
  const yes = fc.constant<true>(true);
  return fc.oneof(
    step('turn', {}),
    step('read', { bytes: bytes(fc) }, { chunk: yes }),
    step('write', { bytes: bytes(fc) }, { given: yes }),
    step('far-write', { bytes: bytes(fc) }),
    step('far-read', { bytes: bytes(fc) }),
    step('flush', {}),
    step('poll', { half: fc.constantFrom<Half[]>('read', 'write') }, { newWaker: yes }),
    ...(carriesHalfClose ? [step('shutdown', {}), step('far-end', {}), step('fail', {})] : []),
  );
}

function bytes(fc: typeof FastCheck): FastCheck.Arbitrary<number> {
  return fc.integer({ min: 1, max: MOST_BYTES });
}
