import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { StackFrame } from '../../../src/trace/trace-note.ts';
import type { Recorded } from '../../../src/watch/recorded.ts';
import type { Evidence } from '../../../src/watch/evidence.ts';
import { judge } from '../../../src/watch/judge.ts';
import { framePath } from '../../../src/watch/frame-path.ts';
import { writeLine } from '../../../src/watch/report-lines.ts';
import { annotationText } from '../../ci/github-annotation.ts';
import { loopFrame, type LoopFrame } from '../../attach/compare-stacks.ts';
import { linePlace } from './line-place.ts';
import { reportName } from './report-name.ts';
import type { RingCounter } from './ring-counter.ts';
import { unseenText, debuggedText, errorOf, stuckText, type StuckTold, type UnseenEnd } from './stuck-text.ts';
import { lineOfTest } from './line-of-test.ts';
import { stuckAnnotation } from './stuck-annotation.ts';
import { saveStuckTrace } from './stuck-copy.ts';
import type { StuckError, StuckPlace } from './stuck-place.ts';
import type { StuckThread } from './stuck-thread.ts';

/** All that was found out about a thread that is stuck. */
export interface StuckCase {
  /** Null if the thread could not tell. */
  readonly place: StuckPlace | null;
  readonly thread: string;
  readonly known: ReturnType<StuckThread['known']>;
  readonly silentMs: number;
  readonly limitMs: number;
  readonly cpu: number | null;
  /** Its stack a moment before. */
  readonly before: readonly StackFrame[];
  /** Its stack, with the lines of the sources. */
  readonly frames: readonly StackFrame[];
  readonly lines: readonly string[];
  readonly omitted: number;
  readonly runsMicrotasks: boolean;
  readonly counters: readonly RingCounter[];
}

export interface ReportOptions {
  readonly folder: string;
  /** On GitHub, the folder that its paths are shown from. */
  readonly githubTop: string | null;
}

/**
 * Says what is stuck: to vitest, on standard error, in a file and to GitHub.
 *
 * @returns whether vitest could be told.
 */
export async function reportStuck(
  found: StuckCase,
  options: ReportOptions,
  tellVitest: (error: StuckError) => Promise<boolean>,
): Promise<boolean> {
  // The later look is the one with the lines of the sources.
  const loop = loopFrame([found.frames, found.before].map((frames) => ({ frames, omitted: 0 })));
  const active = mostActive(found.counters);
  const place = placeOf(found);
  const folder = resolve(place.root, options.folder);
  const name = reportName('stuck', place);
  const verdict = verdictOf(found, loop, active?.recorded ?? null);
  const copy = await saveStuckTrace(found, { active, verdict, path: join(folder, `${name}.trace`) });
  const told: StuckTold = {
    place,
    verdict,
    loop,
    frames: found.frames,
    limitMs: found.limitMs,
    copy,
    path: join(folder, `${name}.txt`),
  };
  const isTold = await tellVitest(errorOf(told, found.lines.filter(isInFile))).catch(() => false);
  say(stuckText(told, isTold), told);
  // What vitest knows it annotates itself, as it does every test that fails.
  if (!isTold) annotate(told, 'error', options);
  return isTold;
}

export interface UnseenOptions {
  /** That it stands in, if that is known. */
  readonly systemCall: string | null;
  readonly noStack: Evidence['noStack'];
  /** What becomes of it. */
  readonly end: UnseenEnd;
}

/** Says what a thread is in of which no loop can be seen: a call that does not return, or native code. */
export function reportUnseen(
  found: StuckCase,
  options: ReportOptions,
  { systemCall, noStack, end }: UnseenOptions,
): void {
  const place = placeOf(found);
  const verdict = judge({
    silentMs: found.silentMs,
    cpu: found.cpu ?? 0,
    frames: null,
    noStack,
    runsMicrotasks: false,
    recorded: null,
    systemCall,
    isReady: false,
    isInSameFunction: false,
  });
  const folder = resolve(place.root, options.folder);
  const path = join(folder, `${reportName('stuck', place)}.txt`);
  const told: StuckTold = {
    place,
    verdict,
    loop: null,
    frames: found.frames,
    limitMs: found.limitMs,
    copy: null,
    path,
  };
  say(unseenText(told, end), told);
  annotate(told, end === 'ended' ? 'error' : 'warning', options);
}

/** A debugger may hold it, or be about to: it is said, and no more. */
export function reportDebugged(known: StuckCase['known'], silentMs: number): void {
  for (const line of debuggedText(known, silentMs)) writeLine(2, line);
}

function say(lines: readonly string[], told: StuckTold): void {
  const saved = save(told.path, lines);
  const shown = relative(told.place.root, told.path);
  for (const line of lines) writeLine(2, line);
  writeLine(2, saved === null ? `  saved in   ${shown}` : `  not saved  ${saved}`);
}

function annotate(told: StuckTold, level: 'error' | 'warning', { githubTop }: ReportOptions): void {
  if (githubTop !== null) writeLine(2, annotationText({ level, ...stuckAnnotation(told, githubTop) }));
}

/** Vitest shows nothing of an error with a line that its file does not have, as one that no map knows may be. */
function isInFile(line: string): boolean {
  const place = linePlace(line);
  if (place === null || place.file.includes('/node_modules/')) return true;
  try {
    const text = readFileSync(framePath(place.file), 'utf8');
    return place.line <= text.split('\n').length;
  } catch {
    return true;
  }
}

/** @returns why it could not be. */
function save(path: string, lines: readonly string[]): string | null {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `${lines.join('\n')}\n`);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function placeOf({ place, known }: StuckCase): StuckPlace {
  const whole = place ?? {
    root: known.root === '' ? process.cwd() : known.root,
    file: known.file,
    titles: known.titles ?? [],
    phase: known.titles === undefined ? 'between' : 'test',
    limitMs: null,
    isLimitSet: false,
    isDebugged: false,
    isSure: false,
    line: known.line ?? null,
    hasEnded: false,
    unrun: known.after ?? 0,
    lostFiles: [],
  };
  return { ...whole, line: whole.line ?? lineOfTest(whole) };
}

function verdictOf(found: StuckCase, loop: LoopFrame | null, recorded: Recorded | null): ReturnType<typeof judge> {
  // It names what goes round: not what that happened to call when it was looked at.
  const frames = loop === null ? found.frames : found.frames.slice(found.frames.indexOf(loop.frame));
  return judge({
    silentMs: found.silentMs,
    cpu: found.cpu,
    frames,
    noStack: null,
    runsMicrotasks: found.runsMicrotasks,
    recorded,
    systemCall: null,
    isReady: false,
    isInSameFunction: true,
  });
}

export interface ActiveRing {
  readonly counter: RingCounter;
  readonly recorded: Recorded;
}

function mostActive(counters: readonly RingCounter[]): ActiveRing | null {
  const active = counters.flatMap((counter) => {
    const recorded = counter.since();
    return recorded === null ? [] : [{ counter, recorded }];
  });
  const sum = ({ recorded }: ActiveRing): number => recorded.rounds + recorded.records;
  return active.toSorted((a, b) => sum(b) - sum(a)).find((one) => sum(one) > 0) ?? null;
}
