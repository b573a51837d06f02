import { join } from 'node:path';
import * as fc from 'fast-check';
import { checkOptionNames } from '../check-option-names.ts';
import { RelayscopeError } from '../../src/errors.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { shellWord } from '../report/shell-word.ts';
import { keptOf, type FailedProperty } from './failed-property.ts';
import { RunRecording } from './run-recording.ts';
import { writeTextNow, writeTraceNow } from './write-now.ts';

export interface CapsulesOptions {
  /** Where they go; it is made once there is something to keep. Default: `capsules`. */
  readonly folder?: string;
  /**
   * What the property records with. It is begun anew before each run, and what it holds of the smallest counterexample is the trace.
   * Default: a property about a scenario has the trace of that scenario's run, and any other has none.
   */
  readonly recorder?: Recorder;
  /** Told of what was written: the one word of it where a reporter of one's own writes the message. */
  readonly onCapsule?: (written: WrittenCapsule) => void;
}

export interface WrittenCapsule {
  /** `capsules/conservation-1f3a9c12.capsule.json`; of a property that is not about a scenario `….property.json`. */
  readonly file: string;
  readonly trace: string | null;
  /** What repeats it. */
  readonly command: string;
}

type Details = fc.RunDetails<unknown>;
type Run = fc.IRawProperty<unknown>['run'];

/**
 * A plugin of fast-check (from 4.10) that keeps what a property failed with, shrunk: a capsule that `relayscope run` repeats, with
 * fast-check's seed and path in it, and the trace of that run. The message of the failure says where, and how it is repeated.
 *
 * @example
 * fc.assert(property, { plugins: [capsules()] });
 * fc.installGlobalPlugin(capsules()); // for all of them
 */
export function capsules(options: CapsulesOptions = {}): fc.UniversalPlugin {
  checkOptionNames('PROPERTY_OPTION_INVALID', 'capsules', options, { folder: true, recorder: true, onCapsule: true });
  return <Ts>(): fc.PluginInstance<Ts> => {
    const recording = options.recorder === undefined ? null : new RunRecording(options.recorder);
    let isAsync = false;
    const decorateRun = (run: Run): Run => {
      return (value) => {
        recording?.begin();
        const outcome = run(value);
        if (!(outcome instanceof Promise)) {
          recording?.end(outcome);
          return outcome;
        }
        isAsync = true;
        return outcome.then((settled) => {
          recording?.end(settled);
          return settled;
        });
      };
    };
    const onAllRunsComplete = (details: Details): void => {
      const failed = failedOf(details, recording);
      if (failed === null) return;
      const lines = keep(failed, options);
      const { runConfiguration } = details;
      // Who brings a reporter writes the message.
      if (runConfiguration.reporter !== undefined || runConfiguration.asyncReporter !== undefined) return;
      // Called by `assert`, where it reports; `check` throws nothing, and only returns the details.
      if (isAsync)
        runConfiguration.asyncReporter = async () => {
          throw failure(await fc.asyncDefaultReportMessage(details), lines, details);
        };
      else
        runConfiguration.reporter = () => {
          throw failure(fc.defaultReportMessage(details), lines, details);
        };
    };
    return { decorateRun, onAllRunsComplete, afterAll: () => recording?.close() } as fc.PluginInstance<Ts>;
  };
}

/** Null: it has not failed, or with no value of which fast-check could tell. */
function failedOf(details: Details, recording: RunRecording | null): FailedProperty | null {
  if (!details.failed || details.counterexamplePath === null) return null;
  const { seed, counterexamplePath: path, counterexample, errorInstance: error } = details;
  const values: readonly unknown[] = Array.isArray(counterexample) ? counterexample : [counterexample];
  return { seed, path, values, error, recorded: recording?.ofFailure ?? null };
}

/** Writes it, and says where. What cannot be written must not hide why the property fails. */
function keep(failed: FailedProperty, { folder = 'capsules', onCapsule }: CapsulesOptions): string[] {
  const { name, kind, document, trace, failure: what } = keptOf(failed);
  const file = join(folder, `${name}.${kind === 'capsule' ? 'capsule' : 'property'}.json`);
  const tracePath = trace === null ? null : join(folder, `${name}.trace`);
  try {
    if (trace !== null && tracePath !== null) writeTraceNow(tracePath, trace);
    writeTextNow(file, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof RelayscopeError)) throw error;
    return [`No capsule: ${error.message}`];
  }
  const again = `fc.assert(property, { seed: ${failed.seed}, path: '${failed.path}', endOnFailure: true })`;
  const command = kind === 'capsule' ? `npx relayscope run ${shellWord(file)}` : again;
  onCapsule?.({ file, trace: tracePath, command });
  const why = tracePath === null ? [] : [`Trace: npx relayscope why ${shellWord(tracePath)}`];
  if (kind === 'values') return [`Values: ${file}`, ...why];
  const told = what ?? 'The run itself breaks no law: what fails is what the property asks of it';
  return [`Capsule: ${command}`, `  ${told}`, ...why];
}

function failure(message: string | undefined, lines: readonly string[], details: Details): Error {
  const { includeErrorInReport } = details.runConfiguration;
  const text = [message ?? 'Property failed', '', ...lines].join('\n');
  // As fast-check does: either in the message, or as its cause.
  const error = includeErrorInReport === true ? new Error(text) : new Error(text, { cause: details.errorInstance });
  const { stack } = error;
  // A runner shows where the stack begins: with who asserts, and not with us.
  Error.captureStackTrace(error, fc.assert);
  if (!error.stack?.includes('\n    at ')) error.stack = stack ?? '';
  return error;
}
