import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { startTap, type TapHandle, type TapOptions } from '../../harness/tap/start-tap.ts';
import type { TapEvent } from '../../harness/tap/tap-event.ts';
import type { ConnectionNote } from '../../src/trace/trace-note.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { closeLater, open, startPlayedOrigin } from '../tunnel/support/rig.ts';

export interface Rig {
  readonly tap: TapHandle;
  readonly recorder: Recorder;
  readonly events: TapEvent[];
  /** The connection notes as whoever writes the trace gets them. */
  readonly notes: ConnectionNote[];
}

/** A tap in this process, to a target on loopback. */
export async function startRig(port: number, options: Partial<TapOptions> = {}): Promise<Rig> {
  const recorder = new Recorder();
  const events: TapEvent[] = [];
  const notes: ConnectionNote[] = [];
  recorder.notes.listen((note) => {
    if (note.kind === 'connection') notes.push(note.note);
  });
  const target = { host: '127.0.0.1', port };
  const tap = await startTap({ target, recorder: () => recorder, onEvent: (event) => events.push(event), ...options });
  closeLater(() => tap.close());
  return { tap, recorder, events, notes };
}

/** A client and a server that the test plays, with a tap between them. */
export async function startTalk(options: Partial<TapOptions> = {}): Promise<Rig & { client: Socket; server: Socket }> {
  const { port, accepted } = await startPlayedOrigin();
  const rig = await startRig(port, options);
  const client = await open(rig.tap.port);
  const server = await accepted;
  return { ...rig, client, server };
}

/** The one note of how a connection ended. */
export async function endOf({ notes }: Rig, connection = 1): Promise<Pick<ConnectionNote, 'end' | 'message'>> {
  const ended = (): ConnectionNote | undefined =>
    notes.find((note) => note.connection === connection && note.closedMs !== undefined);
  await expect.poll(ended).toBeDefined();
  const { end, message } = ended() ?? {};
  return { ...(end === undefined ? {} : { end }), ...(message === undefined ? {} : { message }) };
}

/** The code of the error with which a socket closes; null if it closes without. */
export async function errorOf(socket: Socket): Promise<string | null> {
  let code: string | null = null;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code ?? error.message;
  });
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return code;
}

export async function heard(socket: Socket, text: string): Promise<void> {
  let got = '';
  while (got.length < text.length) got += String((await once(socket, 'data'))[0]);
  expect(got).toBe(text);
}
