import { describe, expect, test } from 'vitest';
import { diagnoseRun } from '../../../harness/sim/diagnose-run.ts';
import { runScenario } from '../../../harness/sim/run-scenario.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { handsOn, read, write, type Told } from '../accounting/support.ts';
import { scenarioOf } from '../../sim/scenario-of.ts';
import { all, flush, names, PARKED, SEEN_BENEATH, shutdown, tells } from './support.ts';

/** A write whose bytes all went on to the stream beneath. */
const sent = (n: number, inAll = n): Told[] => [...handsOn(n, n, inAll), write(n, n)];
/** A write whose bytes lie in the writer, which says how many do. */
const held = (n: number, inAll = n): Told[] => [tells('queue', inAll), write(n, n)];
const IDLE = read('pending');

describe('a flush that nobody makes', () => {
  test('is missed where the copy is parked, and what was written has not gone out', () => {
    const [finding] = all([...held(68), IDLE, SEEN_BENEATH], PARKED);
    expect(finding).toMatchObject({
      class: 'missed-flush',
      direction: 'a -> b',
      half: 'write',
      seq: 1,
      confidence: 'certain',
      evidence: { events: [1, 2], numbers: { held: 68, reported: 68 } },
    });
  });

  test('is likely where the writer does not say what lies in it', () => {
    expect(names([write(68, 68), IDLE, SEEN_BENEATH], PARKED)).toEqual(['missed-flush a -> b, likely']);
    expect(names([...held(68), IDLE], PARKED)).toEqual(['missed-flush a -> b, likely']);
  });

  test('is none where all has gone out, by the account or by the writer itself later on', () => {
    expect(names([...sent(68), IDLE], PARKED)).toEqual([]);
    expect(names([...held(68), IDLE, ...handsOn(68, 68, 68)], PARKED)).toEqual([]);
    expect(names([...held(68), IDLE, SEEN_BENEATH, tells('queue', 0), ...handsOn(68, 68, 68)], PARKED)).toEqual([]);
  });

  test('is none where nobody sees what lies beneath, or the trace just stops', () => {
    expect(names([write(68, 68), IDLE], PARKED)).toEqual([]);
    expect(names([...held(68), IDLE, SEEN_BENEATH])).toEqual([]);
  });

  test('is none while a flush is Pending, or the writer is full, or the reader has more', () => {
    expect(names([...held(68), IDLE, flush('pending'), SEEN_BENEATH], PARKED)).toEqual([]);
    expect(names([...held(68), write(20, 'pending'), IDLE, SEEN_BENEATH], PARKED)).toEqual([]);
    expect(names([...held(68), read(20), SEEN_BENEATH], PARKED)).toEqual([]);
  });

  test('is no matter of what a write has lost that did go on', () => {
    expect(names([...handsOn(67, 67, 67), write(68, 68), IDLE], PARKED)).toEqual([]);
  });

  test('is no matter of what the writer says does not lie in it', () => {
    expect(names([...held(68, 0), IDLE, SEEN_BENEATH], PARKED)).toEqual([]);
  });
});

describe('a flush that says it is done', () => {
  test('lies where the writer says that some lie in it', () => {
    const [finding] = all([...held(68), tells('queue', 68), flush(0)]);
    expect(finding).toMatchObject({ class: 'flush-lies', seq: 3, evidence: { numbers: { held: 68, reported: 68 } } });
  });

  test('lies where bytes are missing and it has not asked beneath', () => {
    expect(names([SEEN_BENEATH, write(68, 68), flush(0)])).toEqual(['flush-lies a -> b, likely']);
    expect(names([...sent(68), write(20, 20), flush(0)])).toEqual(['flush-lies a -> b, likely']);
  });

  test('is true where it has asked: what is missing then was lost in a write', () => {
    expect(names([SEEN_BENEATH, write(68, 68), tells('inner-flush', 0), flush(0)])).toEqual([]);
  });

  /** It passes the flush on, and not what it holds: seen once nothing has come after it. */
  test('lies where it flushes what lies beneath, and nothing of what was reported ever goes out', () => {
    const hollow = [SEEN_BENEATH, tells('ledger', 0), write(68, 68), tells('inner-flush', 0), flush(0)];
    expect(names(hollow)).toEqual(['flush-lies a -> b, likely']);
    expect(names(hollow, { outcome: 'completed' })).toEqual([]);
    // What a later call passes on beyond its own had lain there.
    expect(names([...hollow, ...handsOn(88, 88, 88), write(20, 20)])).toEqual(['flush-lies a -> b']);
    expect(names([...hollow, ...handsOn(20, 20, 20), write(20, 20)])).toEqual([]);
    const through = [SEEN_BENEATH, tells('ledger', 0), ...handsOn(68, 60, 60), write(68, 68)];
    expect(names([...through, tells('inner-flush', 0), flush(0)])).toEqual([]);
  });

  test('is not judged by what was in the writer at an earlier call', () => {
    expect(names([tells('queue', 68), write(68, 'pending'), ...sent(68), flush(0)])).toEqual([]);
  });

  test('is not judged where nobody sees what lies beneath, as with a socket that sends by itself', () => {
    expect(names([write(68, 68), tells('ledger', 20), flush(0)])).toEqual([]);
  });
});

describe('a shutdown that is done', () => {
  const END = [tells('inner-shutdown', 0), tells('ledger', 0), shutdown(0)];

  test('has dropped what the writer said that it held', () => {
    const [finding] = all([...held(68), tells('queue', 68), ...END]);
    expect(finding).toMatchObject({
      class: 'shutdown-drops-tail',
      seq: 5,
      confidence: 'certain',
      evidence: { numbers: { dropped: 68, reported: 68 } },
    });
  });

  test('has dropped what nobody flushed: then it is the copy that is to be looked at, too', () => {
    const [finding] = all([SEEN_BENEATH, write(68, 68), ...END]);
    expect(finding?.meaning).toContain('nobody had flushed it since the last write');
    expect(finding?.lookAt).toContain('Who calls pollShutdown');
    expect(finding).toMatchObject({ class: 'shutdown-drops-tail', confidence: 'likely' });
  });

  test('has dropped nothing where all has gone out, also without a flush', () => {
    expect(names([...held(68), ...handsOn(68, 68, 68), tells('inner-shutdown', 0), shutdown(0)])).toEqual([]);
    expect(names([...sent(68), shutdown(0)])).toEqual([]);
  });

  test('is not to blame for what was lost in a write', () => {
    const lost = [...handsOn(67, 67, 67), write(68, 68)];
    expect(names([...lost, tells('inner-flush', 0), flush(0), shutdown(0)])).toEqual([]);
    expect(names([...lost, shutdown(0)])).toEqual([]);
  });

  test('has dropped what the flush before it denied, which is then its consequence', () => {
    const [finding] = all([SEEN_BENEATH, write(68, 68), flush(0), ...END]);
    expect(finding).toMatchObject({
      class: 'shutdown-drops-tail',
      consequences: [{ class: 'flush-lies', direction: 'a -> b', seq: 2 }],
    });
  });

  test('is not judged by an account that is not told to the end', () => {
    expect(names([tells('ledger', 0), ...held(68), shutdown(0)])).toEqual([]);
    expect(names([...held(68), tells('ledger', 0), shutdown(0)])).toEqual(['shutdown-drops-tail a -> b']);
  });

  test('has dropped nothing while it is Pending, or where it fails', () => {
    expect(names([...held(68), tells('ledger', 0), shutdown('pending')])).toEqual([]);
    expect(names([...held(68), tells('ledger', 0), shutdown('failed')])).toEqual([]);
  });
});

describe('a write in the middle of a flush', () => {
  /** 68 bytes held, and a flush that has yet to send them. */
  const FLUSHING = [SEEN_BENEATH, ...held(68), tells('queue', 68), flush('pending')];
  const DONE = [tells('inner-flush', 0), flush(0)];

  test('loses what the flush was sending: seen in that write, and once the flush is done', () => {
    const [finding] = all([...FLUSHING, ...held(20), ...handsOn(20, 20, 20), tells('queue', 0), ...DONE]);
    expect(finding).toMatchObject({ class: 'flush-abandoned', seq: 6, evidence: { numbers: { lost: 68 } } });
  });

  test('has it sent again', () => {
    const again = [SEEN_BENEATH, ...held(68), ...handsOn(68, 68, 68), tells('queue', 0), flush('pending')];
    const [finding] = all([...again, ...held(20, 88), ...handsOn(88, 88, 156), tells('queue', 0), ...DONE]);
    expect(finding).toMatchObject({ class: 'flush-abandoned', evidence: { numbers: { doubled: 68 } } });
  });

  test('is no defect where the flush goes on', () => {
    expect(names([...FLUSHING, ...held(20, 88), ...handsOn(88, 88, 88), tells('queue', 0), ...DONE])).toEqual([]);
  });

  test('is likely to have lost it where the writer does not say what lies in it', () => {
    const silent = [SEEN_BENEATH, write(68, 68), flush('pending'), write(20, 20), ...handsOn(20, 20, 20), ...DONE];
    expect(names(silent)).toEqual(['flush-abandoned a -> b, likely']);
  });

  test('is not to blame for what was missing when the flush had already been through', () => {
    const through = [tells('inner-flush', 'pending'), tells('ledger', 0), flush('pending')];
    const dropped = [SEEN_BENEATH, write(68, 68), ...through];
    expect(names([...dropped, ...sent(20), ...DONE])).toEqual([]);
  });

  test('is not to blame where the flush after it lies', () => {
    const lying = [SEEN_BENEATH, write(68, 68), flush('pending'), ...sent(20), flush(0)];
    expect(names(lying)).toEqual(['flush-lies a -> b, likely']);
  });

  test('is not judged by the numbers of two writers, one in the other', () => {
    const inner = [...FLUSHING, ...held(20, 20), tells('queue', 0), tells('queue', 88)];
    expect(names([...inner, ...handsOn(88, 88, 88), tells('queue', 0), ...DONE])).toEqual([]);
    // By the account alone, some of what the flush had to send may be missing.
    const missing = names([...inner, ...handsOn(83, 83, 83), tells('queue', 0), ...DONE]);
    expect(missing).toEqual(['flush-abandoned a -> b, likely']);
  });
});

describe('after records are missing', () => {
  test('what was reported before is not held against what has gone out since', () => {
    const events = [...sent(68), ...sent(20, 1000), write(30, 30), IDLE, SEEN_BENEATH];
    expect(names(events, PARKED, [3])).toEqual(['missed-flush a -> b, likely']);
    const [finding] = all(events, PARKED, [3]);
    expect(finding?.evidence.numbers['held']).toBe(30);
    // Of the first call after the gap it is not known what it found there.
    expect(names([...sent(68), write(30, 30), IDLE, SEEN_BENEATH], PARKED, [3])).toEqual([]);
    const [later] = all([...sent(68), write(30, 30), write(5, 5), IDLE, SEEN_BENEATH], PARKED, [3]);
    expect(later?.evidence.numbers['held']).toBe(5);
  });

  test('what the writer held before goes out after, and is not sent twice', () => {
    const known = [SEEN_BENEATH, tells('ledger', 0), write(10, 10)];
    const goesOn = [flush('pending'), write(1, 1), ...handsOn(11, 11, 11), tells('inner-flush', 0), flush(0)];
    expect(names([...known, ...goesOn], {}, [3])).toEqual([]);
    const told = [flush('pending'), ...held(5, 5), ...held(3, 8), ...handsOn(8, 8, 18), tells('queue', 0)];
    expect(names([...known, ...told, tells('inner-flush', 0), flush(0)], {}, [3])).toEqual([]);
    // Of which nothing is missing, eleven are sent for the one that came.
    expect(names([SEEN_BENEATH, tells('ledger', 0), ...goesOn])).toEqual(['flush-abandoned a -> b, likely']);
  });

  test('a flush that lies after a long healthy part is found in a ring that has wrapped', () => {
    const rounds = Array.from({ length: 60 }, (_, round) => [68, { received: 100 * (round + 1) }]).flat();
    const answers = Array.from({ length: 60 }, (_, round) => [{ received: 68 * (round + 1) }, 100]).flat();
    const plan = { faults: [{ fault: 'flush-lies', side: 'b', when: { call: 50 } }] } as const;
    const recorder = new Recorder({ keptRecords: 64, ringRecords: 256 });
    const scenario = { ...scenarioOf({ a: { read: rounds }, b: { read: answers } }), plan };
    const result = runScenario(scenario, { dialect: 'tokio-1.53.1', recorder, beneath: true });
    const findings = diagnoseRun(recorder, 'tokio-1.53.1', result);
    expect(result.outcome).toBe('parked');
    expect(findings.map((one) => [one.class, one.direction, one.confidence])).toEqual([
      ['flush-lies', 'a -> b', 'certain'],
    ]);
  });
});
