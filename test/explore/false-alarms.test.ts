import { expect, test } from 'vitest';
import { falseAlarms } from '../../harness/explore/false-alarms.ts';
import { diagnoseRun } from '../../harness/sim/diagnose-run.ts';
import { World } from '../../harness/sim/world.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import { scenarioOf, STORY } from '../sim/scenario-of.ts';

/** A campaign of healthy runs must notice a detector that cries wolf. */

function finding(name: Finding['class']): Finding {
  return {
    class: name,
    connection: 1,
    direction: 'b -> a',
    seq: 3,
    evidence: { events: [3], numbers: {} },
    meaning: 'Because',
    lookAt: '',
    seeAlso: [],
    confidence: 'certain',
    readings: [],
    more: 0,
    consequences: [],
  };
}

test('a finding in a healthy run is a false alarm', () => {
  const result = new World().run(STORY, { dialect: 'checked' });
  expect(falseAlarms(STORY, result, [finding('missed-flush')])).toEqual([
    { what: 'missed-flush', direction: 'b -> a', message: 'A false alarm: Because' },
  ]);
});

test('that two sides wait for each other for ever may be said, and no more', () => {
  const scenario = scenarioOf({ a: { read: [{ received: 5 }] }, b: { read: [{ received: 5 }] } });
  const result = new World().run(scenario, { dialect: 'checked' });
  expect(result.outcome).toBe('parked');
  const found = falseAlarms(scenario, result, [finding('half-close-linger'), finding('zero-write')]);
  expect(found.map(({ what }) => what)).toEqual(['zero-write']);
});

test('what a failing stream makes a dialect lose may be said', () => {
  const scenario = scenarioOf({ a: { read: [10, 'e'] }, b: { write: ['p', 'x'] } });
  const world = new World();
  const recorder = new Recorder();
  const result = world.run(scenario, { dialect: 'tokio-1.53.1', recorder, beneath: true });
  expect(result.outcome).toBe('failed');
  expect(falseAlarms(scenario, result, [finding('buffered-data-lost')])).toEqual([]);
  expect(falseAlarms(scenario, result, diagnoseRun(recorder, 'tokio-1.53.1', result))).toEqual([]);
});

test('that a shared budget starves one direction may be said', () => {
  const scenario = scenarioOf({ ...STORY, options: { coopBudget: true } });
  const result = new World().run(scenario, { dialect: 'tokio-1.53.1' });
  expect(falseAlarms(scenario, result, [finding('direction-starved')])).toEqual([]);
  expect(falseAlarms(STORY, result, [finding('direction-starved')])).toHaveLength(1);
});
