import { readFileSync, readlinkSync } from 'node:fs';
import { stateIn } from './process-state.ts';

/** What the kernel has counted for one thread, in milliseconds. */
export interface ThreadTimes {
  readonly cpuMs: number;
  /** How long it was ready to run and got no processor. */
  readonly waitedMs: number;
}

/** The times of a thread of this process, or null where the kernel does not tell (anything but Linux). */
export function threadTimes(tid: number): ThreadTimes | null {
  if (tid === 0) return null;
  try {
    const [cpuNs = '', waitedNs = ''] = readFileSync(`/proc/self/task/${tid}/schedstat`, 'latin1').split(' ');
    return { cpuMs: Number(cpuNs) / 1e6, waitedMs: Number(waitedNs) / 1e6 };
  } catch {
    return null;
  }
}

/** The system calls in which programs get stuck, by their numbers. */
const SYSTEM_CALLS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  x64: {
    0: 'read',
    1: 'write',
    2: 'open',
    7: 'poll',
    35: 'nanosleep',
    42: 'connect',
    43: 'accept',
    44: 'sendto',
    45: 'recvfrom',
    61: 'wait4',
    72: 'fcntl',
    73: 'flock',
    202: 'futex',
    230: 'clock_nanosleep',
    232: 'epoll_wait',
    247: 'waitid',
    257: 'openat',
    271: 'ppoll',
    281: 'epoll_pwait',
  },
  arm64: {
    22: 'epoll_pwait',
    25: 'fcntl',
    32: 'flock',
    56: 'openat',
    63: 'read',
    64: 'write',
    73: 'ppoll',
    95: 'waitid',
    98: 'futex',
    101: 'nanosleep',
    115: 'clock_nanosleep',
    202: 'accept',
    203: 'connect',
    260: 'wait4',
  },
};
const ON_A_DESCRIPTOR = new Set(['read', 'write', 'connect', 'accept', 'sendto', 'recvfrom', 'fcntl', 'flock']);

/** Whether a thread of this process would run, or runs, as far as the kernel knows. False where it does not tell. */
export function isReady(tid: number): boolean {
  return tid !== 0 && stateIn(`/proc/self/task/${tid}/stat`) === 'R';
}

/** The system call that a thread of this process stands in, for a person: `read of pipe:[1234]`; null if not known. */
export function systemCall(tid: number): string | null {
  if (tid === 0) return null;
  try {
    const [number = '', first = ''] = readFileSync(`/proc/self/task/${tid}/syscall`, 'latin1').trim().split(' ');
    if (number === 'running') return null;
    const name = SYSTEM_CALLS[process.arch]?.[Number(number)] ?? `system call ${number}`;
    if (!ON_A_DESCRIPTOR.has(name)) return name;
    return `${name} of ${readlinkSync(`/proc/self/fd/${Number(first)}`)}`;
  } catch {
    return waitChannel(tid);
  }
}

/** The kernel function that it sleeps in. */
function waitChannel(tid: number): string | null {
  try {
    const name = readFileSync(`/proc/self/task/${tid}/wchan`, 'latin1').trim();
    return name === '' || name === '0' ? null : name;
  } catch {
    return null;
  }
}
