import { expect, onTestFinished, test } from 'vitest';
import { ambientRecorder, setAmbientRecorder } from '../../src/trace/ambient-recorder.ts';
import { wishForRecorder } from '../../src/trace/ambient-wish.ts';
import { hearOfRecorders } from '../../src/trace/made-recorders.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { ringBytes } from '../../src/trace/ring-layout.ts';

/** The guard of a test run records on suspicion: what no copy asks for must not be made. */

test('an ambient recorder that was wished for is made for the first copy that asks, once', () => {
  const made: Recorder[] = [];
  hearOfRecorders((recorder) => {
    made.push(recorder);
  });
  onTestFinished(() => {
    hearOfRecorders(null);
    setAmbientRecorder(null);
  });
  wishForRecorder({ keptRecords: 8, ringRecords: 1024 });
  expect(made).toEqual([]);
  const first = ambientRecorder();
  expect(first?.buffer.byteLength).toBe(ringBytes(8, 1024));
  expect(ambientRecorder()).toBe(first);
  expect(made).toEqual([first]);
});

test('one that is set comes before one that was wished for', () => {
  const own = new Recorder();
  onTestFinished(setAmbientRecorder(own));
  wishForRecorder({ keptRecords: 8 });
  expect(ambientRecorder()).toBe(own);
});
