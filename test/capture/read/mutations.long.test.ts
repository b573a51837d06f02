import { expect, test } from 'vitest';
import { readMutants } from '../support/mutations.ts';

/** Over all formats, link layers and protocols: `seeds.ts` has what they begin with, `mutant.ts` what is done to it. */
const MUTANTS = 1_000_000;
const SEED = 20_261_125;
const THREADS = 2;
/** Two threads to themselves take three minutes. */
const TIMEOUT_MS = 1_200_000;

/**
 * A damaged capture is read as far as it goes: the only error is a CaptureError that says where. A mutant that crashes, hangs, or
 * takes more memory than a worker is given rejects, with its number.
 */
test(
  'a million damaged captures are read, or refused with a place',
  async () => {
    const { outcomes, mostBytes } = await readMutants(SEED, MUTANTS, THREADS);
    const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
    console.log(`Of ${total} mutants: ${JSON.stringify(Object.fromEntries(outcomes))}, most memory ${mostBytes} bytes`);
    expect(total).toBe(MUTANTS);
    expect([...outcomes.keys()].toSorted()).toEqual(['CAPTURE_MALFORMED', 'read']);
    expect(mostBytes).toBeLessThan(300 * 1024 * 1024);
  },
  TIMEOUT_MS,
);
