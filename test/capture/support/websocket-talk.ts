import { Frame, type FrameParts } from '../../../harness/faults/websocket/wire/frame.ts';
import { decode, type Decoded } from './decode.ts';
import { pcapOf } from './packets.ts';
import { handshake, said, TALK, type TcpTalk } from './tcp-packet.ts';

/** A segment of one side; `lost`: the capture has not got it. */
export interface Said {
  readonly who: 'a' | 'b';
  readonly bytes: Uint8Array;
  readonly lost?: boolean;
}

export const a = (bytes: Uint8Array | string): Said => ({ who: 'a', bytes: Buffer.from(bytes as string, 'latin1') });
export const b = (bytes: Uint8Array | string): Said => ({ who: 'b', bytes: Buffer.from(bytes as string, 'latin1') });
export const lost = (one: Said): Said => ({ ...one, lost: true });

export const REQUEST =
  'GET /chat HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
export const GRANTED = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';

let nextMask = 0x3ca5_917b;

/** A frame of the client, each with another mask. */
export function masked(opcode: number, payload: string | Uint8Array, more: Partial<FrameParts> = {}): Buffer {
  nextMask = (Math.imul(nextMask, 1_664_525) + 1_013_904_223) >>> 0;
  const mask = Buffer.alloc(4);
  mask.writeUInt32BE(nextMask);
  return Frame.of({ fin: true, rsv: 0, opcode, mask, payload: Buffer.from(payload as string), ...more }).wire;
}

/** A frame of the server. */
export function plain(opcode: number, payload: string | Uint8Array, more: Partial<FrameParts> = {}): Buffer {
  return Frame.of({ fin: true, rsv: 0, opcode, mask: null, payload: Buffer.from(payload as string), ...more }).wire;
}

/** The packets of what is said, each acknowledging all that was said before. */
export function packetsOf(talk: readonly Said[], numbers: TcpTalk = TALK): Buffer[] {
  const at = { a: 0, b: 0 };
  return talk.flatMap(({ who, bytes, lost: isLost = false }) => {
    const offset = at[who];
    at[who] += bytes.length;
    return isLost ? [] : [said(who, offset, bytes, { acked: at[who === 'a' ? 'b' : 'a'], talk: numbers })];
  });
}

/** What is found in a conversation whose beginning is captured. */
export async function found(talk: readonly Said[], chunkBytes?: number): Promise<Decoded> {
  return decode(pcapOf([...handshake(), ...packetsOf(talk)]), chunkBytes);
}

/** The same without the TCP handshake. */
export async function foundMidway(talk: readonly Said[]): Promise<Decoded> {
  return decode(pcapOf(packetsOf(talk)));
}

export const texts = (messages: readonly { readonly payload: Uint8Array | null }[]): (string | null)[] =>
  messages.map(({ payload }) => (payload === null ? null : Buffer.from(payload).toString('latin1')));
