import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { AttachError } from './attach-error.ts';
import { procLink, procText } from './proc-text.ts';

/** A process that may be looked into. */
export interface TargetProcess {
  readonly pid: number;
  /** As the process itself knows it; another in a PID namespace of its own. */
  readonly ownPid: number;
  /** Its command line, for a person. */
  readonly command: string;
}

/** The bit of SIGUSR1 (10) in the masks of /proc/PID/status. */
const SIGUSR1_BIT = 1n << 9n;
const MAX_COMMAND_CHARS = 200;
const MAX_THREADS = 256;

/**
 * Makes sure that a process is there, ours, and a Node that takes SIGUSR1 as it should: to any other process that signal
 * is the end. Throws an AttachError; the process is not touched.
 */
export function checkProcess(pid: number, platform: NodeJS.Platform = process.platform): TargetProcess {
  if (platform === 'linux') return checkLinux(pid);
  if (platform === 'win32') {
    throw new AttachError('ATTACH_UNSUPPORTED', 'Not supported on Windows: expected Linux or macOS, got win32');
  }
  return checkElsewhere(pid);
}

function checkLinux(pid: number): TargetProcess {
  const status = procText(`${pid}/status`);
  if (status === null) throw noSuchProcess(pid);
  const fields = new Map(
    status.split('\n').map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name, value.join(':').trim()];
    }),
  );
  const [state = '?'] = fields.get('State') ?? '';
  if (state === 'Z' || state === 'X') throw noSuchProcess(pid, ': it has ended, and its parent has not noticed');
  // Real, effective, saved: a program that has changed one of them is not just ours.
  refuseOtherUser(pid, (fields.get('Uid') ?? '').split(/\s+/).slice(0, 3).map(Number));
  const command = commandOf(pid) ?? fields.get('Name') ?? '';
  if (fields.get('Tgid') !== String(pid)) {
    throw new AttachError(
      'ATTACH_NO_SUCH_PROCESS',
      `No such process: ${pid} is a thread of ${fields.get('Tgid') ?? '?'}`,
    );
  }
  if (state === 'T' || state === 't') {
    throw new AttachError(
      'ATTACH_STOPPED',
      `Process ${pid} is stopped (${state === 'T' ? 'SIGSTOP or Ctrl-Z' : 'a debugger holds it'}), so it can do nothing: continue it first, by kill -CONT ${pid}`,
    );
  }
  if (!isNode(pid)) throw notNode(pid, command, 'it is no Node');
  const caught = /^[\da-f]{1,16}$/.test(fields.get('SigCgt') ?? '') ? BigInt(`0x${fields.get('SigCgt') ?? '0'}`) : 0n;
  if ((caught & SIGUSR1_BIT) === 0n) {
    throw notNode(pid, command, 'it does not catch SIGUSR1 (--disable-sigusr1, or it is still starting)');
  }
  refuseOtherNetwork(pid);
  const ownPid = Number((fields.get('NSpid') ?? String(pid)).split(/\s+/).at(-1));
  return { pid, ownPid, command };
}

/** macOS and the like: what `ps` tells. It does not tell who catches a signal, so the name has to do. */
function checkElsewhere(pid: number): TargetProcess {
  let line: string;
  try {
    const args = ['-o', 'uid=,stat=,comm=', '-p', String(pid)];
    line = execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    throw noSuchProcess(pid);
  }
  const [uid = '', state = '', ...name] = line.split(/\s+/);
  const command = name.join(' ');
  refuseOtherUser(pid, [Number(uid)]);
  if (state.startsWith('T')) throw new AttachError('ATTACH_STOPPED', `Process ${pid} is stopped: continue it first`);
  if (!isNodeName(basename(command))) throw notNode(pid, command, 'it is no Node');
  return { pid, ownPid: pid, command };
}

function refuseOtherUser(pid: number, uids: readonly number[]): void {
  const own = process.geteuid?.();
  const other = uids.find((uid) => uid !== own);
  if (other === undefined && uids.length > 0) return;
  throw new AttachError(
    'ATTACH_OTHER_USER',
    `Process ${pid} belongs to another user: expected user ${own ?? '?'}, got ${other ?? '?'}`,
  );
}

/** In a network namespace of its own (a container) its ports are not those that we could connect to. */
function refuseOtherNetwork(pid: number): void {
  const [own, theirs] = [procLink('self/ns/net'), procLink(`${pid}/ns/net`)];
  if (own === theirs || own === null || theirs === null) return;
  throw new AttachError(
    'ATTACH_OTHER_NAMESPACE',
    `Process ${pid} is in a network namespace of its own: run attach there, by nsenter or docker exec`,
  );
}

function isNode(pid: number): boolean {
  const program = procLink(`${pid}/exe`)?.replace(/ \(deleted\)$/, '');
  if (program !== undefined && isNodeName(basename(program))) return true;
  // Under another name (a program with Node inside): the thread that Node has for this very signal.
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return false;
  }
  return threads.slice(0, MAX_THREADS).some((id) => procText(`${pid}/task/${id}/comm`)?.trim() === 'SignalInspector');
}

function isNodeName(name: string): boolean {
  return /^node(?:js)?(?:[-._\d]|$)/.test(name);
}

export function commandOf(pid: number): string | null {
  const words = procText(`${pid}/cmdline`)
    ?.split('\0')
    .filter((word) => word !== '');
  if (words === undefined || words.length === 0) return null;
  // Another program's words: nothing in them may move a cursor.
  return words
    .join(' ')
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, MAX_COMMAND_CHARS);
}

function noSuchProcess(pid: number, why = ''): AttachError {
  return new AttachError('ATTACH_NO_SUCH_PROCESS', `No such process: ${pid}${why}`);
}

function notNode(pid: number, command: string, why: string): AttachError {
  return new AttachError(
    'ATTACH_NOT_NODE',
    `Process ${pid} cannot be asked for its inspector: ${why}; got ${JSON.stringify(command.slice(0, MAX_COMMAND_CHARS))}`,
  );
}
