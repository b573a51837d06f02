import { printable } from '../printable.ts';
import type { StackFrame, Verdict } from '../trace/trace-note.ts';
import { framePath } from './frame-path.ts';
import { spanOf } from './connection-progress.ts';
import type { Evidence } from './evidence.ts';

/** Below this a thread counts as one that uses no processor, above as one that works. */
export const WORKING_CPU = 0.2;

type Judgement = Omit<Verdict, 'atMs'>;

/** What holds up a thread whose event loop does not turn. */
export function judge(evidence: Evidence): Judgement {
  const { silentMs, cpu, frames } = evidence;
  const measured = { silentMs: Math.round(silentMs), ...(cpu === null ? {} : { cpu: Math.round(cpu * 100) / 100 }) };
  const verdict = ofCopy(evidence) ?? ofThread(evidence);
  const stack = frames === null && evidence.noStack !== null ? `; no stack: ${evidence.noStack}` : '';
  return { ...verdict, ...measured, message: `${verdict.message}${stack}` };
}

/** By the records of the copy that the thread is in. */
function ofCopy(evidence: Evidence): Judgement | null {
  const { recorded, silentMs } = evidence;
  if (recorded === null || (recorded.records === 0 && recorded.rounds === 0)) return null;
  const { rounds, records, bytes, connection, direction } = recorded;
  const loop = evidence.runsMicrotasks ? 'microtask' : 'synchronous';
  const place = { where: 'copy', connection, direction } as const;
  const of = `${direction} of connection ${connection}`;
  const silence = `the event loop has not turned for ${spanOf(silentMs)}`;
  if (bytes > 0) {
    const message = `The copy moves bytes without pause (${of}): ${silence}`;
    return { outcome: 'busy', loop, ...place, message };
  }
  if (rounds > 0 && records === 0) {
    const at = inLoop(evidence.frames);
    const message = `The loop of the copy goes round without I/O (${of}${at}): ${silence}`;
    return { outcome: 'spinning', loop, ...place, rounds, message };
  }
  const message = `The copy goes on making calls that move no byte (${of}): ${silence}`;
  return { outcome: 'livelocked', loop, ...place, rounds: rounds + records, message };
}

function ofThread(evidence: Evidence): Judgement {
  const { cpu, frames, silentMs, systemCall, runsMicrotasks } = evidence;
  const silence = `the event loop has not turned for ${spanOf(silentMs)}`;
  const innermost = userFrame(frames);
  // A paused thread was in JavaScript; without the kernel's figures, one that does not pause may be in a system call.
  const isWorking = frames !== null || (cpu === null ? systemCall === null : cpu >= WORKING_CPU);
  if (!isWorking && evidence.isReady) {
    return { outcome: 'blocked', where: 'outside', message: `The thread is ready, and gets no processor: ${silence}` };
  }
  if (!isWorking) {
    return { outcome: 'blocked', where: 'outside', message: `The thread stands in ${callOf(systemCall)}: ${silence}` };
  }
  const where = frames?.some(isOfCopy) === true ? 'copy' : 'outside';
  const native = evidence.noStack === 'does not pause' ? 'in native code' : 'somewhere';
  const place = innermost === null ? native : `in ${placeOf(innermost)}`;
  const aside = where === 'copy' ? ', called by a copy' : ', outside any copy';
  const loop = runsMicrotasks ? 'microtask' : 'synchronous';
  if (evidence.isInSameFunction) {
    const what = runsMicrotasks ? 'Microtasks follow one another without end' : 'A loop does not end';
    return { outcome: 'spinning', loop, where, message: `${what} ${place}${aside}: ${silence}` };
  }
  const what = runsMicrotasks ? 'The thread works off microtasks' : 'The thread works';
  return { outcome: 'busy', loop, where, message: `${what} ${place}${aside}: ${silence}` };
}

function callOf(systemCall: string | null): string {
  if (systemCall === null) return 'a system call';
  // The event loop waits there too, but it would answer.
  const aside = systemCall.startsWith('epoll') ? ', as execSync and its like do' : '';
  return `the system call ${systemCall}${aside}`;
}

/** The innermost frame that is not Node's own. */
export function userFrame(frames: readonly StackFrame[] | null): StackFrame | null {
  return frames?.find(({ url }) => url !== '' && !url.startsWith('node:')) ?? frames?.[0] ?? null;
}

const MAX_NAME_CHARS = 100;

function placeOf({ function: name, url, line }: StackFrame): string {
  // A module may be a `data:` URL: all of its text.
  const file = framePath(url).split('/').at(-1) ?? url;
  return `${printable(name, MAX_NAME_CHARS)} (${printable(file, MAX_NAME_CHARS)}:${line})`;
}

/** The copy's own functions, by class where it is bundled, else by file. */
function isOfCopy({ function: name, url }: StackFrame): boolean {
  return /^(?:CopyBuffer|Transfer|BidirectionalCopy)\./.test(name) || /\/src\/copy\/[\w-]+\.[jt]s$/.test(url);
}

/** `, pos 69, cap 68`, from the locals of the loop. */
function inLoop(frames: readonly StackFrame[] | null): string {
  const frame = frames?.find((one) => isOfCopy(one) && one.locals.some(({ name }) => name === 'this.pos'));
  const value = (name: string): string | undefined => frame?.locals.find((local) => local.name === name)?.value;
  const [pos, cap] = [value('this.pos'), value('this.cap')];
  return pos === undefined || cap === undefined ? '' : `, pos ${pos}, cap ${cap}`;
}
