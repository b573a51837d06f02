import type { Clock } from '../../src/poll/clock.ts';
import { within } from '../../src/watch/inspector-client.ts';
import { AttachError } from './attach-error.ts';
import { evaluate } from './evaluate.ts';
import { inspectorPort, listeningSockets, portHolder, type ListeningSocket } from './inspector-port.ts';
import { probeInspector } from './probe-inspector.ts';
import { sleep } from './sleep.ts';
import { checkProcess, type TargetProcess } from './target-process.ts';
import { WebSocketClient } from './web-socket-client.ts';

export interface OpenInspector {
  readonly client: WebSocketClient;
  readonly port: number;
  /** Whether it was us who had it opened; then it is for us to have it closed. */
  readonly isOurs: boolean;
}

export interface OpenOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** So long a process gets to open its inspector; one whose main thread stands in a system call does not. */
  readonly openTimeoutMs: number;
  /** Whether it may be asked to open one. */
  readonly mayAsk: boolean;
}

const LOOK_EVERY_MS = 10;
/** As a rule it takes 30 ms, on a busy machine more. */
const OPENS_WITHIN_MS = 700;
const CONNECT_TIMEOUT_MS = 2000;
/** A thread that is busy in native code answers late. */
const PID_TIMEOUT_MS = 1000;
/** Ports of the program itself, of which one may be an inspector that it opened in its own way: so many are asked. */
const MAX_PROBES = 16;

/**
 * Connects to the inspector of a process: to the one that is open, or to the one that it opens for SIGUSR1. Only ports
 * that the process itself listens on are asked. Null: it took the signal and has opened nothing so far.
 *
 * Throws an AttachError.
 */
export async function openInspector(target: TargetProcess, options: OpenOptions): Promise<OpenInspector | null> {
  const { pid } = target;
  const { port, isOpen } = inspectorPort(pid);
  const before = listeningSockets(pid);
  // One that is open already. Ports of the program itself are left alone as long as there is no reason to ask them.
  const open = await firstInspector(isOpen ? before : before.filter(({ localPort }) => localPort === port));
  if (open !== null) return connect(target, { ...open, isOurs: false }, options);
  if (!options.mayAsk) return null;
  refuseTakenPort(pid, port);
  // Looked at again at the last moment: the number may be another process's by now.
  checkProcess(pid);
  process.kill(pid, 'SIGUSR1');
  const opened = await newInspector(target, before, options);
  return opened === null ? null : connect(target, opened, options);
}

interface Found {
  readonly url: string;
  readonly port: number;
}

async function firstInspector(sockets: readonly ListeningSocket[]): Promise<Found | null> {
  for (const { host, localPort } of sockets.slice(0, MAX_PROBES)) {
    const url = await probeInspector(host, localPort);
    if (url !== null) return { url, port: localPort };
  }
  return null;
}

async function newInspector(
  { pid }: TargetProcess,
  before: readonly ListeningSocket[],
  { clock, signal, openTimeoutMs }: OpenOptions,
): Promise<(Found & { isOurs: boolean }) | null> {
  const known = new Set(before.map(({ inode }) => inode));
  const startedMs = clock.nowMs();
  let hasAskedOthers = false;
  while (clock.nowMs() - startedMs < openTimeoutMs && !signal.aborted) {
    const found = await firstInspector(listeningSockets(pid).filter(({ inode }) => !known.has(inode)));
    if (found !== null) return { ...found, isOurs: true };
    if (!hasAskedOthers && clock.nowMs() - startedMs > OPENS_WITHIN_MS) {
      hasAskedOthers = true;
      // One that the program had opened by itself, at a port of its own choice, takes the signal for nothing.
      const open = await firstInspector(before);
      if (open !== null) return { ...open, isOurs: false };
    }
    await sleep(LOOK_EVERY_MS, clock, signal);
  }
  return null;
}

async function connect(
  target: TargetProcess,
  { url, port, isOurs }: { url: string; port: number; isOurs: boolean },
  { clock }: OpenOptions,
): Promise<OpenInspector> {
  let client: WebSocketClient;
  try {
    client = await WebSocketClient.connect(url, { clock, timeoutMs: CONNECT_TIMEOUT_MS });
  } catch (cause) {
    const message = `Cannot connect to the inspector of ${target.pid} at ${url}`;
    throw new AttachError('ATTACH_INSPECTOR_UNREACHABLE', message, { cause });
  }
  const answer = await within(
    evaluate(client, 'process.pid').catch(() => null),
    PID_TIMEOUT_MS,
    clock,
  );
  // No answer is no contradiction: the port is that process's own, as the kernel says.
  if (answer === null || answer === target.ownPid) return { client, port, isOurs };
  client.close();
  throw new AttachError(
    'ATTACH_INSPECTOR_UNREACHABLE',
    `Wrong inspector at port ${port}: expected that of process ${target.ownPid}, got that of ${JSON.stringify(answer)}`,
  );
}

/** It would only write to its stderr that it could not open its inspector. */
function refuseTakenPort(pid: number, port: number): void {
  if (port === 0) return;
  const holder = portHolder(port);
  if (holder === null) return;
  const whose = holder.pid === null ? 'another process' : `process ${holder.pid}`;
  throw new AttachError(
    'ATTACH_PORT_TAKEN',
    `Process ${pid} would open its inspector on port ${port}, where ${whose} listens: expected a free port; end that one's inspector first`,
  );
}
