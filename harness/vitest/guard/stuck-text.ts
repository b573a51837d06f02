import { isAbsolute, relative } from 'node:path';
import { printable } from '../../../src/printable.ts';
import type { StackFrame, Verdict } from '../../../src/trace/trace-note.ts';
import { spanOf } from '../../../src/watch/connection-progress.ts';
import { framePath } from '../../../src/watch/frame-path.ts';
import type { LoopFrame } from '../../attach/compare-stacks.ts';
import { isOfUser, localsOf } from '../../attach/stack.ts';
import { findingLine } from '../../report/finding-text.ts';
import { counted, thousands } from '../../report/format-number.ts';
import type { StuckCopy } from './stuck-copy.ts';
import type { StuckError, StuckPlace } from './stuck-place.ts';

/** What is to be told of a stuck test. */
export interface StuckTold {
  readonly place: StuckPlace;
  readonly verdict: Omit<Verdict, 'atMs'>;
  readonly loop: LoopFrame | null;
  readonly frames: readonly StackFrame[];
  readonly limitMs: number;
  readonly copy: StuckCopy | null;
  /** Where this is saved. */
  readonly path: string;
}

const MAX_FRAMES = 8;
const FRAMES_WITH_LOCALS = 3;
const MAX_LOCALS = 12;
const MAX_LOCAL_CHARS = 60;
const MAX_TOLD_LOCALS = 6;
const MAX_FINDINGS = 3;

/** `test/relay.test.ts:12 > relay > carries a request` */
export function nameOf({ root, file, line, titles, phase }: StuckPlace): string {
  const where = `${file === '' ? 'a file' : relative(root, file)}${line === null ? '' : `:${line}`}`;
  const what = phase === 'collect' ? ['while it is imported'] : titles;
  const hook = isHook(phase) ? [phase] : [];
  return printable([where, ...what, ...hook].join(' > '), 500);
}

function isHook(phase: StuckPlace['phase']): boolean {
  return phase !== 'test' && phase !== 'collect' && phase !== 'between';
}

/** The report, line by line. */
export function stuckText(told: StuckTold, isToldToVitest: boolean): string[] {
  const { place } = told;
  return [
    ...header('stuck', place),
    `  ${told.verdict.outcome.padEnd(10)} ${printable(told.verdict.message, 1000)}`,
    `  limit      ${limitText(told)}`,
    ...(place.hasEnded ? ['  note       this test had ended; what it has started goes on'] : []),
    ...stackText(told),
    ...copyText(told),
    `  ended      ${endedText(place)}${isToldToVitest ? '' : '; this vitest could not be told which test it was'}`,
  ];
}

/** It is ended; or it cannot be; or it is left alone, because it may return. */
export type UnseenEnd = 'ended' | 'stays' | 'goes on';

export function unseenText(told: StuckTold, end: UnseenEnd): string[] {
  const { place, verdict } = told;
  const isBlocked = verdict.outcome === 'blocked';
  const endings = {
    ended: `  ended      ${endedText(place)}`,
    stays: '  goes on    a thread that runs no JavaScript cannot be ended; with the pool `forks` it could',
    'goes on': '  goes on    the call may return: RELAYSCOPE_GUARD_BLOCKED_LIMIT_MS has it ended after so long',
  };
  return [
    ...header(isBlocked ? 'blocked' : 'stuck', place),
    `  ${verdict.outcome.padEnd(10)} ${printable(verdict.message, 1000)}`,
    `  limit      ${limitText(told)}`,
    ...stackText(told),
    endings[end],
  ];
}

/** An empty line first: the output may stand in the middle of one, where GitHub would not know an annotation either. */
function header(what: string, place: StuckPlace): string[] {
  return ['', `relayscope: ${what}: ${nameOf(place)}`];
}

export function debuggedText(
  { root, file, titles = [] }: { root: string; file: string; titles?: readonly string[] },
  silentMs: number,
): string[] {
  const name = printable([relative(root, file), ...titles].join(' > '), 500);
  return [
    `relayscope: ${name}: the event loop has not turned for ${spanOf(silentMs)}; a debugger is attached, so nothing is ended`,
  ];
}

/** What vitest is to show as the failure of the test. */
export function errorOf(told: StuckTold, lines: readonly string[]): StuckError {
  const { verdict, loop, copy, place, path } = told;
  const message = [
    isHook(place.phase) ? `${place.phase} is stuck: ${verdict.message}` : verdict.message,
    ...(loop === null ? [] : loopLine(loop)),
    ...(copy?.findings ?? []).slice(0, MAX_FINDINGS).map((finding) => `finding: ${findingLine(finding)}`),
    ...(copy === null ? [] : [`trace: ${traceText(copy, place.root)}`]),
    `report: ${relative(place.root, path)}`,
  ].join('\n');
  const own = lines.filter((line) => !isOfRunner(line));
  return { message, stack: [`StuckTestError: ${message}`, ...own, ...lineOf(place, own)].join('\n') };
}

/** A copy is polled by the event loop: where nothing of the test's file is on the stack, the test itself is its last line. */
function lineOf({ file, line, titles }: StuckPlace, lines: readonly string[]): string[] {
  if (line === null || lines.some((one) => one.includes(file))) return [];
  const name = (titles.at(-1) ?? '').replaceAll(/[^\w ]+/g, ' ').trim();
  return [`    at ${name === '' ? 'test' : name} (${file}:${line}:1)`];
}

function limitText({ limitMs, place: { phase } }: StuckTold): string {
  const whose = phase === 'collect' ? 'for the import of a file' : phase === 'test' ? 'for this test' : 'for hooks';
  return `${thousands(limitMs)} ms ${whose}`;
}

function endedText({ unrun, lostFiles, root }: StuckPlace): string {
  const tests = unrun === 0 ? [] : [`${counted(unrun, 'test')} of this file`];
  // They were to run in this very worker (`isolate: false`), and vitest gives them to no other.
  const files = lostFiles.map((file) => relative(root, file));
  const lost = [...tests, ...files];
  return `this worker${lost.length === 0 ? '' : `; not run because of that: ${lost.join(', ')}`}`;
}

function stackText({ frames, loop, place }: StuckTold): string[] {
  const shown = ownFrames(frames).slice(0, MAX_FRAMES);
  return shown.flatMap((frame, index) => {
    const label = index === 0 ? 'stands in' : '';
    const line = `  ${label.padEnd(10)} ${printable(frame.function, 100)}  ${placeOf(frame, place.root)}`;
    return [line, ...(index < FRAMES_WITH_LOCALS || frame === loop?.frame ? localLines(frame, ' '.repeat(15)) : [])];
  });
}

/** What keeps the loop going, and what counts its rounds: `in spin: pos = 69, cap = 68; idle changes`. */
function loopLine({ frame, steady, changed }: LoopFrame): string[] {
  const telling = steady.filter(({ value }) => /^(?:-?[\d.]+n?|NaN|true|false|".{0,40}")$/.test(value));
  // What the object holds from call to call says more than what the function keeps to itself.
  const told = telling
    .toSorted((a, b) => Number(b.name.startsWith('this.')) - Number(a.name.startsWith('this.')))
    .slice(0, MAX_TOLD_LOCALS)
    .map(({ name, value }) => `${name} = ${value}`);
  const moved = changed.slice(0, MAX_TOLD_LOCALS).map(({ name }) => name);
  const moves = moved.length === 0 ? [] : [`${moved.join(', ')} ${moved.length === 1 ? 'changes' : 'change'}`];
  const parts = [...(told.length === 0 ? [] : [told.join(', ')]), ...moves];
  return parts.length === 0 ? [] : [printable(`in ${frame.function}: ${parts.join('; ')}`, 500)];
}

/** What the test calls, and the test itself: what calls that is vitest. */
function ownFrames(frames: readonly StackFrame[]): readonly StackFrame[] {
  const user = frames.filter(isOfUser);
  const end = user.findIndex(({ url }) => isOfRunner(url));
  const own = end === -1 ? user : user.slice(0, end);
  return own.length > 0 ? own : user.length > 0 ? user : frames;
}

function isOfRunner(text: string): boolean {
  return /\/(?:@vitest\/[\w-]+|vitest)\/dist\/|\/harness\/vitest\/guard\//.test(text);
}

/** `pos = 69, cap = 68`, a few to a line. */
function localLines(frame: StackFrame, indent: string): string[] {
  const told = localsOf(frame)
    .filter(({ value }) => !isBareType(value))
    .slice(0, MAX_LOCALS)
    .map(({ name, value }) => `${printable(name, 60)} = ${printable(value, MAX_LOCAL_CHARS)}`);
  const lines: string[] = [];
  while (told.length > 0) lines.push(`${indent}${told.splice(0, 4).join(', ')}`);
  return lines;
}

/** `Object`, `CopyBuffer`, `(optimized away)`: no value. */
function isBareType(value: string): boolean {
  return /^(?:[A-Z]\w*|\(optimized away\)|undefined)$/.test(value) || /^(?:async )?(?:function|\(|class )/.test(value);
}

function placeOf({ url, line, column }: StackFrame, root: string): string {
  const path = framePath(url);
  const short = isAbsolute(path) && !relative(root, path).startsWith('../../') ? relative(root, path) : path;
  return `${printable(short, 300)}:${line}:${column}`;
}

function copyText({ copy, place }: StuckTold): string[] {
  if (copy === null) return [];
  const findings = copy.findings
    .slice(0, MAX_FINDINGS)
    .flatMap((finding) => [
      `  finding    ${printable(findingLine(finding), 1000)}`,
      `  look at    ${printable(finding.lookAt, 1000)}`,
    ]);
  return [...findings, `  trace      ${traceText(copy, place.root)}`];
}

function traceText({ path, failure }: StuckCopy, root: string): string {
  const shown = relative(root, path);
  return failure === null ? `${shown} (relayscope why ${shown})` : `not written: ${printable(failure)}`;
}
