import { expect, test } from 'vitest';
import { readConversation } from '../../harness/replay/read-conversation.ts';
import type { Conversation } from '../../harness/replay/conversation.ts';
import { sideSteps, type SideStep } from '../../harness/replay/side-steps.ts';
import { pieces } from '../capture/support/follow.ts';
import { ipv4, opening, pcapOf } from '../capture/support/packets.ts';

const FIN = 1;
const RST = 4;

function read(packets: readonly Buffer[]): Promise<Conversation> {
  const capture = pcapOf(packets);
  return readConversation(pieces(capture, capture.length), 'hand-made');
}

function turnsOf({ turns }: Conversation): string[] {
  return turns.map(
    ({ from, kind, start, end, after }) => `${from === 0 ? 'a' : 'b'} ${kind} ${start}-${end} after ${after}`,
  );
}

function steps(conversation: Conversation, from: 0 | 1, rhythm = false): readonly SideStep[] {
  return sideSteps(conversation, from, { rhythm, pieces: rhythm });
}

/** b's greeting was under way when a asked: a had not acknowledged it, and does not wait for it. */
test('a side waits for what it had acknowledged, and not for what was captured before', async () => {
  const conversation = await read([
    ...opening(),
    ipv4({ from: 'b', offset: 0, bytes: Buffer.from('hello') }),
    ipv4({ from: 'a', offset: 0, bytes: Buffer.from('ask'), ack: 0 }),
    ipv4({ from: 'a', offset: 3, bytes: Buffer.from('again'), ack: 5 }),
    ipv4({ from: 'b', offset: 5, bytes: Buffer.from('reply'), ack: 8 }),
  ]);
  expect(turnsOf(conversation)).toEqual([
    'b bytes 0-5 after 0',
    'a bytes 0-3 after 0',
    'a bytes 3-8 after 5',
    'b bytes 5-10 after 8',
  ]);
  expect(steps(conversation, 0)).toEqual([
    { kind: 'say', start: 0, end: 3, isText: false },
    { kind: 'wait', received: 5 },
    { kind: 'say', start: 3, end: 8, isText: false },
    // Its end is not in the capture.
    { kind: 'wait', received: 10 },
    { kind: 'end' },
  ]);
});

test('of a capture of one direction the acknowledgements pace the other', async () => {
  const conversation = await read([
    ipv4({ from: 'a', offset: 0, bytes: Buffer.from('first'), ack: 0 }),
    ipv4({ from: 'a', offset: 5, bytes: Buffer.from('second'), ack: 100 }),
    ipv4({ from: 'a', offset: 11, bytes: Buffer.from('third'), ack: 300 }),
    ipv4({ from: 'a', offset: 16, ack: 350 }),
  ]);
  expect(conversation.missing).toEqual([{ from: 1, offset: 0, length: 350, reason: 'uncaptured' }]);
  expect(turnsOf(conversation)).toEqual([
    'a bytes 0-5 after 0',
    'b bytes 0-100 after 5',
    'a bytes 5-11 after 100',
    'b bytes 100-300 after 11',
    'a bytes 11-16 after 300',
    'b bytes 300-350 after 16',
  ]);
});

test('the end of a direction that was not captured is no byte of it', async () => {
  const conversation = await read([
    ipv4({ from: 'a', offset: 0, bytes: Buffer.from('first'), ack: 0 }),
    ipv4({ from: 'a', offset: 5, bytes: Buffer.from('second'), ack: 100 }),
    ipv4({ from: 'a', offset: 11, ack: 300 }),
    ipv4({ from: 'a', offset: 11, ack: 301, flags: 16 | FIN }),
  ]);
  expect(conversation.missing).toEqual([{ from: 1, offset: 0, length: 300, reason: 'uncaptured' }]);
  expect(turnsOf(conversation)).toEqual([
    'a bytes 0-5 after 0',
    'b bytes 0-100 after 5',
    'a bytes 5-11 after 100',
    'b bytes 100-300 after 11',
    'a end 11-11 after 300',
    'b end 300-300 after 11',
  ]);
});

test('bytes that were lost on the way to the capture are filled in, and named', async () => {
  const conversation = await read([
    ...opening(),
    ipv4({ from: 'a', offset: 0, bytes: Buffer.from('begin'), ack: 0 }),
    ipv4({ from: 'a', offset: 9, bytes: Buffer.from('end'), ack: 0 }),
    ipv4({ from: 'b', offset: 0, bytes: Buffer.from('ok'), ack: 12 }),
  ]);
  expect(conversation.missing).toEqual([{ from: 0, offset: 5, length: 4, reason: 'lost' }]);
  const [said] = conversation.said;
  expect(Buffer.from(said.subarray(0, 5)).toString()).toBe('begin');
  expect(Buffer.from(said.subarray(9)).toString()).toBe('end');
  expect(said).toHaveLength(12);
});

test('an end and a reset are what their side did last', async () => {
  const conversation = await read([
    ...opening(),
    ipv4({ from: 'a', offset: 0, bytes: Buffer.from('bye'), flags: FIN, ack: 0 }),
    ipv4({ from: 'b', offset: 0, bytes: Buffer.from('no'), ack: 4 }),
    ipv4({ from: 'b', offset: 2, flags: RST, ack: 4 }),
  ]);
  expect(steps(conversation, 0).at(-1)).toEqual({ kind: 'end' });
  // Both of b's packets say that it has seen a's end: it may have waited for that, and does so again.
  expect(steps(conversation, 1)).toEqual([
    { kind: 'wait', received: 3 },
    { kind: 'wait-end' },
    { kind: 'say', start: 0, end: 2, isText: false },
    { kind: 'reset' },
  ]);
});

/** One packet a millisecond: from the third of the opening on, at 3, 4, … ms. */
test('with its rhythm a side takes as long as it did, after what it waited for', async () => {
  const silence = Array.from({ length: 7 }, () => ipv4({ from: 'a', offset: 3, ack: 0 }));
  const conversation = await read([
    ...opening(),
    ipv4({ from: 'a', offset: 0, bytes: Buffer.from('ask'), ack: 0 }),
    ...silence,
    ipv4({ from: 'b', offset: 0, bytes: Buffer.from('reply'), ack: 3 }),
    ipv4({ from: 'a', offset: 3, bytes: Buffer.from('more'), ack: 5 }),
  ]);
  expect(steps(conversation, 1, true).slice(0, 3)).toEqual([
    { kind: 'wait', received: 3 },
    { kind: 'pause', ms: 8 },
    { kind: 'say', start: 0, end: 5, isText: false },
  ]);
  expect(steps(conversation, 0, true).slice(1, 4)).toEqual([
    { kind: 'wait', received: 5 },
    { kind: 'pause', ms: 1 },
    { kind: 'say', start: 3, end: 7, isText: false },
  ]);
});

test('a capture without a word in it is refused', async () => {
  await expect(read(opening())).rejects.toThrow(
    'Nothing to replay in hand-made: expected a TCP connection that carries bytes, got 1 without any',
  );
});
