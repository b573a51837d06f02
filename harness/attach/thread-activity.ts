import { readdirSync } from 'node:fs';
import { commandOf } from './target-process.ts';
import { procLink, procText } from './proc-text.ts';
import { SYSTEM_CALLS } from './system-calls.ts';

/** What the kernel tells of a thread at one moment; a field is null where it does not. */
export interface ThreadMoment {
  /** Time on a processor so far, in milliseconds. */
  readonly cpuMs: number | null;
  /** The system call it stands in, by number and arguments, with its stack pointer; `running` if in none. */
  readonly call: string | null;
  /** The function of the kernel that it sleeps in. */
  readonly sleepsIn: string | null;
  /** How often it went to sleep: a thread that sleeps on has not woken meanwhile. */
  readonly sleeps: string | null;
}

/** Of the main thread, whose id is that of the process. */
export function mainThreadMoment(pid: number): ThreadMoment {
  const thread = `${pid}/task/${pid}`;
  const sleepsIn = procText(`${thread}/wchan`)?.trim();
  return {
    cpuMs: cpuMsOf(thread),
    call: procText(`${thread}/syscall`)?.trim() ?? null,
    sleepsIn: sleepsIn === undefined || sleepsIn === '' || sleepsIn === '0' ? null : sleepsIn,
    sleeps: /^voluntary_ctxt_switches:\s*(\d+)/m.exec(procText(`${thread}/status`) ?? '')?.[1] ?? null,
  };
}

/** schedstat has nanoseconds; where the kernel has none, stat has hundredths of a second. */
function cpuMsOf(thread: string): number | null {
  const nanoseconds = Number(procText(`${thread}/schedstat`)?.split(' ')[0] ?? Number.NaN);
  if (Number.isFinite(nanoseconds)) return nanoseconds / 1e6;
  // The name, in parentheses, may hold anything; utime and stime are the 12th and 13th field after it.
  const fields = procText(`${thread}/stat`)
    ?.split(/\) (?=\S )/)
    .at(-1)
    ?.split(' ');
  const ticks = Number(fields?.[11]) + Number(fields?.[12]);
  return Number.isFinite(ticks) ? ticks * 10 : null;
}

/**
 * The system call that a thread has stood in at every one of these moments, in words; null if it has not, if that call is
 * how an idle event loop waits, or if the kernel does not tell.
 */
export function blockedCall(pid: number, moments: readonly ThreadMoment[]): string | null {
  const [first] = moments;
  if (first === undefined || first.sleepsIn === null || first.sleeps === null || !hasStayed(moments)) return null;
  if (first.call === null) return first.sleepsIn.includes('poll') ? null : `a system call (${first.sleepsIn})`;
  const [number = '', ...rest] = first.call.split(' ');
  const name = SYSTEM_CALLS.get(process.arch)?.get(Number(number)) ?? `system call ${number}`;
  const descriptor = Number(rest[0]);
  if (name.startsWith('epoll')) {
    const child = childrenOf(pid);
    return child === '' || isOwnLoop(pid, descriptor) ? null : name + child;
  }
  if (name === 'futex') return 'futex (Atomics.wait, or a lock)';
  if (!TAKES_DESCRIPTOR.has(name)) return name === 'wait4' || name === 'waitid' ? name + childrenOf(pid) : name;
  const file = procLink(`${pid}/fd/${descriptor}`);
  return file === null ? name : `${name} of ${file}`;
}

/** Whether a thread did nothing at all from the first of these moments to the last. */
export function hasStayed(moments: readonly ThreadMoment[]): boolean {
  const [first] = moments;
  return moments.every(({ call, sleepsIn, sleeps }) => {
    return call === first?.call && sleepsIn === first.sleepsIn && sleeps === first.sleeps;
  });
}

const TAKES_DESCRIPTOR = new Set(['read', 'write', 'pread64', 'pwrite64', 'readv', 'writev', 'flock', 'fsync']);

/**
 * Whether an epoll descriptor is the event loop's. A Node has, in the order in which they were made: one that nobody waits
 * for, that of the thread for delayed tasks, the event loop's, those of Workers; `spawnSync` and its kin wait in a new one.
 * Seen in Node 20 and 26; where that differs, a blocked thread is not known before it has been asked for its inspector.
 */
function isOwnLoop(pid: number, descriptor: number): boolean {
  let names: string[];
  let threads: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return true;
  }
  const others = new Set(
    threads
      .filter((id) => id !== String(pid))
      .map((id) => Number(procText(`${pid}/task/${id}/syscall`)?.split(' ')[1] ?? Number.NaN)),
  );
  const loops = names
    .filter((name) => procLink(`${pid}/fd/${name}`) === 'anon_inode:[eventpoll]')
    .map(Number)
    .filter((fd) => !others.has(fd))
    .toSorted((a, b) => a - b);
  return descriptor <= (loops[1] ?? descriptor);
}

/** `, for its child 4711 (sleep 4)`: as a rule it waits for the latest. */
function childrenOf(pid: number): string {
  const child = procText(`${pid}/task/${pid}/children`)?.trim().split(' ').at(-1) ?? '';
  return child === '' ? '' : `, for its child ${child} (${commandOf(Number(child)) ?? '?'})`;
}
