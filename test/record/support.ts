import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import { SOCKET_STATES } from '../../src/trace/event-kind.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import type { ConnectionNote } from '../../src/trace/trace-note.ts';

/**
 * The events as lines: `a -> b write 68`, `a -> b register write`; of what carries a half, `a -> b (read) ended`. What is
 * known of the direction besides comes after it.
 */
export function linesOf(recorder: Recorder): string[] {
  return readRing(recorder.buffer).map((event) => {
    const { direction = '', kind, half = '', n, offered, state = '', read_done, need_flush } = event;
    const told = typeof n === 'object' ? JSON.stringify(n) : String(n);
    if (kind === 'register' || kind === 'wake') return `${direction} ${kind} ${half}`;
    if (kind === 'state') return `${direction} ${state} ${told}`;
    if (kind === 'queue') return `${direction} (${half}) queue over ${JSON.stringify(offered)}`;
    if (kind === 'socket') {
      const bytes = offered === 0 ? '' : ` ${JSON.stringify(offered)}`;
      return `${direction} (${half}) ${SOCKET_STATES[Number(told)] ?? told}${bytes}`;
    }
    const after = `${read_done === true ? ' after the end' : ''}${need_flush === true ? ' held' : ''}`;
    return `${direction} ${kind} ${told}${after}`;
  });
}

/** The lines of one direction. */
export function linesOn(recorder: Recorder, direction: 'a -> b' | 'b -> a'): string[] {
  return linesOf(recorder)
    .filter((line) => line.startsWith(direction))
    .map((line) => line.slice(direction.length + 1));
}

export function bytesOf(recorder: Recorder, kind: 'read' | 'write', direction: 'a -> b' | 'b -> a'): number {
  return readRing(recorder.buffer)
    .filter((event) => event.kind === kind && event.direction === direction)
    .reduce((sum, { n }) => sum + (typeof n === 'number' ? n : 0), 0);
}

/** The classes that are found in what was recorded, as of a trace that ends here, or at that time. */
export function findingsOf(recorder: Recorder, notes: ReadonlyMap<number, ConnectionNote>, atMs?: number): string[] {
  const diagnosis = new Diagnosis();
  const { end: _end, closedMs: _closedMs, message: _message, ...opened } = notes.get(1) ?? { connection: 1 };
  diagnosis.item({ kind: 'connection', note: opened });
  for (const event of readRing(recorder.buffer)) diagnosis.event(event);
  for (const note of notes.values()) diagnosis.item({ kind: 'connection', note });
  diagnosis.end(atMs === undefined ? {} : { atMs });
  return diagnosis.findings().map((finding) => `${finding.direction} ${finding.class}`);
}

/** The latest note of each connection. */
export function notesOf(recorder: Recorder): ReadonlyMap<number, ConnectionNote> {
  const notes = new Map<number, ConnectionNote>();
  recorder.notes.listen((note) => {
    if (note.kind === 'connection') notes.set(note.note.connection, note.note);
  });
  return notes;
}

/** A relay between a client and an origin, with all four sockets; whatever a test leaves open is closed after it. */
export async function tcpRelay(allowHalfOpen: boolean): Promise<Record<'client' | 'a' | 'b' | 'origin', Socket>> {
  const [client, a] = await tcpPair(allowHalfOpen);
  const [b, origin] = await tcpPair(allowHalfOpen);
  return { client, a, b, origin };
}

/** The end that connects, and the end that was accepted. */
export async function tcpPair(allowHalfOpen: boolean): Promise<[Socket, Socket]> {
  const server = createServer({ allowHalfOpen });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepting = once(server, 'connection') as Promise<[Socket]>;
  const near = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen });
  const [[far]] = await Promise.all([accepting, once(near, 'connect')]);
  server.close();
  onTestFinished(async () => {
    const open = [near, far].filter((socket) => !socket.closed);
    for (const socket of open) socket.destroy();
    await Promise.all(open.map((socket) => closed(socket)));
  });
  return [near, far];
}

/** Unlike `once` of node:events, it does not fail with an 'error' that comes first. */
export function closed(stream: { readonly once: (name: 'close', listener: () => void) => unknown }): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
  });
}

/** Not by an async iteration, which destroys the socket at its end, both halves of it. */
export function readAll(stream: Duplex): Promise<Buffer> {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve) => {
    stream.once('end', () => {
      resolve(Buffer.concat(parts));
    });
  });
}

export function someBytes(length: number): Buffer {
  return randomBytes(length);
}

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
