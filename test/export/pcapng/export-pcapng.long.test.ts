import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conversation, ENDS, reply, request } from './conversation.ts';
import { exported } from './exported.ts';
import { HandMadeTrace } from './hand-made-trace.ts';
import { complaints, hasTshark, streams, tshark } from './tshark.ts';

// What Wireshark makes of an exported capture is for Wireshark to say.
if (!hasTshark) console.warn('tshark is not installed: what it says of an exported capture is not tested');

test.runIf(hasTshark).each(ENDS)(
  'tshark finds the same bytes with ends %s, and nothing to complain of',
  async (name, ends) => {
    const { file } = await exported(conversation(ends), `theirs-${name}`);
    expect(complaints(file)).toEqual([]);
    const [there, back] = streams(file);
    expect(there.equals(request)).toBe(true);
    expect(back.equals(reply)).toBe(true);
    const checksums = tshark(file, '-Y', 'tcp.checksum.status != 1', '-T', 'fields', '-e', 'frame.number');
    expect(checksums).toEqual([]);
  },
);

test.runIf(hasTshark)('packets bear the times of the trace, the state of the copy, and a pause', async () => {
  const { file } = await exported(conversation(), 'comments');
  const fields = ['frame.time_epoch', 'tcp.len', 'frame.comment'].flatMap((field) => ['-e', field]);
  expect(tshark(file, '-Y', 'frame.comment', '-T', 'fields', ...fields)).toEqual([
    '1700000000.005000000\t0\tconnection 1: a is not named, b is not named',
    '1700000000.010250000\t40\ta -> b  write  offered 40, reported 40  (pos 0, cap 40)  read_done false  (event 1)',
    '1700000000.011000000\t28\ta -> b  write  offered 28, reported 28  (pos 0, cap 28)  read_done false  (event 2)',
    '1700000000.012000000\t0\tb -> a  write  offered 1: pending  (pos 0, cap 1)  read_done false  (event 3)',
    '1700000001.900000000\t65000\tb -> a  write  offered 200000, reported 200000  (pos 0, cap 200000)  read_done false  (event 4); after a pause of 1.9 s (1,888 ms)',
    '1700000001.900000000\t65000\tof the same write',
    '1700000001.900000000\t65000\tof the same write',
    '1700000001.900000000\t5000\tof the same write',
    '1700000001.901000000\t0\ta -> b  shutdown  done  read_done false  (event 5)',
    '1700000001.902000000\t0\tb -> a  shutdown  done  read_done false  (event 6)',
  ]);
});

test.runIf(hasTshark)('says in Wireshark why the copy hangs, and is well formed', async () => {
  const { file } = await exported(readFileSync('traces/golden/off-by-one.trace'), 'story');
  expect(complaints(file)).toEqual([]);
  const comments = tshark(file, '-Y', 'frame.comment', '-T', 'fields', '-e', 'frame.comment').join('\n');
  expect(comments).toContain('offered 68, reported 69  (pos 0, cap 68)');
  expect(comments).toContain('reported 1 more than it was offered, of which nothing is sent here');
  expect(comments).toContain('a -> b  #4  pos 69  cap 68  read_done false');
});

test.runIf(hasTshark)('a reset is the only thing to be warned of in a conversation that was broken off', async () => {
  const trace = new HandMadeTrace()
    .write(1, 'a -> b', 3)
    .write(2, 'b -> a', 4)
    .write(3, 'a -> b', 'failed')
    .note('connection', { connection: 1, openedMs: 0, closedMs: 9, end: 'ECONNRESET', message: 'reset' });
  const { file } = await exported(trace, 'failed');
  expect(complaints(file).map((line) => line.trim())).toEqual([
    '[Expert Info (Warning/Sequence): Connection reset (RST)]',
  ]);
});

test.runIf(hasTshark)('a write of two gigabytes that was recorded in part is nothing to complain of', async () => {
  const trace = new HandMadeTrace()
    .payload(1, 'a -> b', 0, Buffer.alloc(70_000, 'k'))
    .write(1, 'a -> b', 2_000_000_000);
  expect(complaints((await exported(trace, 'part')).file)).toEqual([]);
});
