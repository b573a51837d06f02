import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { MatcherState } from 'vitest';
import { encodeFileHeader } from '../../../src/trace/file/file-header.ts';
import { encodeItem } from '../../../src/trace/file/encode-item.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { shellWord } from '../../report/shell-word.ts';
import { attachTrace } from '../attach-trace.ts';
import type { Judged } from '../judged/judged.ts';
import { runnerSettings } from '../runner-settings.ts';
import { testFileName, tracePath } from '../trace-path.ts';
import { namesOf } from './repeat-test.ts';
import { snapshotItems } from './traced-items.ts';

/** Where the traces of a test are that have been kept: by what was judged, so that the same is not kept twice. */
const kept = new WeakMap<object, Map<unknown, string>>();

/**
 * Saves the trace of what failed, unless it is in a file already, attaches it to the test, and says where it is. Null if there is
 * none. A poll fails many times before it passes: only if its test fails in the end is anything saved.
 */
export function keepTrace(state: MatcherState, subject: unknown, judged: Judged): string | null {
  const { trace, tracePath: given } = judged;
  const { root } = runnerSettings();
  if (given !== null) {
    if (isFirst(state, given)) attachLater(state, given, root);
    return traceLine(given, root);
  }
  if (trace === null) return null;
  const { path, isNew } = pathOf(state, subject, root);
  const save = (): string | null => saveNow(path, snapshotItems(judged));
  if (state.poll === true) {
    const key = keyOf(state);
    pending.set(key, { save, path });
    if (isNew)
      state.task?.context.onTestFailed(async (context) => {
        const latest = pending.get(key);
        if (latest?.save() === null) await attachTrace(context, latest.path, root);
      });
    return traceLine(path, root);
  }
  const failure = isNew ? save() : null;
  if (failure !== null) return `trace: could not be saved: ${failure}`;
  if (isNew) attach(state, path, root);
  return traceLine(path, root);
}

/** What a poll would save if its test failed now. */
const pending = new WeakMap<object, { readonly save: () => string | null; readonly path: string }>();

/** Whether a trace of this test will be saved once it has failed: a matcher that was polled has one. */
export function willKeepTrace(task: object): boolean {
  return pending.has(task);
}

/** `trace: traces/failed/relay-echo.trace (npx relayscope why traces/failed/relay-echo.trace)` */
function traceLine(path: string, root: string): string {
  const shown = relative(root, path);
  return `trace: ${shown} (npx relayscope why ${shellWord(shown)})`;
}

/** Vitest waits for what is attached before it ends the test. Where it cannot be, the message has the path. */
function attach({ task }: MatcherState, path: string, root: string): void {
  if (task !== undefined) void attachTrace(task.context, path, root);
}

/**
 * Once the test is over: what is live is still written to its trace, and fixtures are taken down before; who has done it by then need
 * not be told again.
 */
function attachLater({ task }: MatcherState, path: string, root: string): void {
  const shown = relative(root, path);
  task?.context.onTestFailed(async (context) => {
    if (context.task.annotations.some(({ message }) => message.includes(shown)) || !existsSync(path)) return;
    await attachTrace(context, path, root);
  });
}

const outsideTests = {};

function keyOf({ task }: MatcherState): object {
  return task ?? outsideTests;
}

function pathsOf(state: MatcherState): Map<unknown, string> {
  const key = keyOf(state);
  const paths = kept.get(key) ?? new Map<unknown, string>();
  kept.set(key, paths);
  return paths;
}

function isFirst(state: MatcherState, path: string): boolean {
  const paths = pathsOf(state);
  if (paths.has(path)) return false;
  paths.set(path, path);
  return true;
}

function pathOf(state: MatcherState, subject: unknown, root: string): { path: string; isNew: boolean } {
  const paths = pathsOf(state);
  // What is polled is another object each time.
  const what = state.poll === true ? 'poll' : subject;
  const known = paths.get(what);
  if (known !== undefined) return { path: known, isNew: false };
  const { task, testPath } = state;
  const file = testPath === undefined ? [] : [testFileName(root, testPath)];
  const names = task === undefined ? [] : namesOf(task);
  const number = paths.size === 0 ? [] : [String(paths.size + 1)];
  const path = tracePath(root, ...file, ...names, ...number);
  paths.set(what, path);
  return { path, isNew: true };
}

/** At once, as a matcher that fails does. @returns what went wrong. */
function saveNow(path: string, items: readonly TraceItem[]): string | null {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const unfinished = `${path}.part`;
    writeFileSync(unfinished, Buffer.concat([encodeFileHeader(0), ...items.flatMap((item) => [...encodeItem(item)])]));
    renameSync(unfinished, path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
