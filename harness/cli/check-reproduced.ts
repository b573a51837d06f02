import type { CheckOptions, FactoryOrigin } from '../check/check-options.ts';
import { reproduction } from '../check/reproduction.ts';
import type { StreamCase } from '../check/stream-case.ts';
import type { CheckRun } from '../check/worker/run-check.ts';
import type { CheckCommandOptions } from './check-options.ts';

/** A case, and the test that runs it. */
export interface Reproduced {
  readonly case: StreamCase;
  /** A whole file. */
  readonly test: string;
}

/** What shows what is wrong: a case for each broken law; or the one in which the stream got stuck, or crashed. */
export function reproducedOf(ran: CheckRun, options: CheckCommandOptions): Reproduced[] {
  if (ran.kind === 'done') return ran.report.broken.map(({ case: one, reproduction: test }) => ({ case: one, test }));
  const { case: latest, own } = ran.begun;
  if (ran.kind === 'stopped' || latest === null) return [];
  const { adapter, peer, flags } = options;
  const origin: FactoryOrigin = {
    module: adapter.specifier,
    name: adapter.name,
    ...(own === null ? {} : { options: own }),
    ...(peer === null ? {} : { peer: { module: peer.specifier, name: peer.name } }),
  };
  const breach = { law: ran.kind, message: ran.message, case: latest };
  const told: CheckOptions = { ...own, ...flags, origin, ...(peer === null ? {} : { peer: neverCalled }) };
  return [{ case: latest, test: reproduction(breach, neverCalled, told) }];
}

/** All of them in one file: what they import is the same. */
export function testFileOf(reproduced: readonly Reproduced[]): string {
  const [imports] = reproduced[0]?.test.split('\n\n', 1) ?? [];
  const tests = reproduced.map(({ test }) => test.slice(test.indexOf('\n\n') + 2));
  return `${[imports, ...tests].join('\n\n')}\n`;
}

/** It is in another thread: here only its name counts. */
function neverCalled(): never {
  throw new TypeError('It is not called');
}
