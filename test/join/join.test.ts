import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ipv4, opening, pcapOf } from '../capture/support/packets.ts';
import { HandMadeTrace } from '../export/pcapng/hand-made-trace.ts';
import { folder, GRANTED, HELLO, joined, NAMED, read, run, talk } from './support/joined.ts';

describe('the story', () => {
  test('stops in the copy buffer at 68 of 68, and its reply reached the socket and was never read', async () => {
    const { code, out, err } = await run('fixtures/join/off-by-one.trace', 'fixtures/join/off-by-one.pcap');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'a -> b: stopped in the copy buffer at 68 of 68 bytes (pos 69, cap 68); its writer was offered 68 and reported 69; the loop went round 13,947,771 times; 68 arrived in 1 tunnel message at b. ' +
        "b -> a: 110 bytes reached b's socket in 1 tunnel message and were never read (pollRead was called 0 times)",
    );
    expect(out).toContain('a is        flow 1, 127.0.0.1:53778 - 127.0.0.1:42017, its client; by time and byte counts');
    expect(out).toContain("    0.0239 s  a -> b         68  reached a's socket\n");
    expect(out).toContain("  b's messages      110  in 1 tunnel message, 2 frames, then end\n");
  });

  test('is found the other way round, too, if the arguments of the copy were swapped', async () => {
    const { out } = await run('--json', 'fixtures/join/swapped.trace', 'fixtures/join/swapped.pcap');
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      flows: { a: { id: 2, peer: 'server' }, b: { id: 1, peer: 'client' } },
      directions: [
        { stopsAt: 'socket', source: { bytes: 110, carriedBy: 'tunnel', socketBytes: 245 }, copy: { readCalls: 1 } },
        {
          stopsAt: 'copy-buffer',
          copy: { pos: 69, cap: 68, reported: 69, rounds: 13_761_332 },
          target: { bytes: 68, messages: 1 },
        },
      ],
    });
  });

  test('one flow that is named is one end, and the other is not in the capture', async () => {
    const { out } = await run(
      '--flow',
      '2',
      '--json',
      'fixtures/join/off-by-one.trace',
      'fixtures/join/off-by-one.pcap',
    );
    expect(JSON.parse(out)).toMatchObject({ flows: { a: null, b: { id: 2, by: 'choice' } } });
  });

  test('every beginning of either file gives what it has, or one line', async () => {
    const files = ['fixtures/join/off-by-one.trace', 'fixtures/join/off-by-one.pcap'] as const;
    for (const at of [0, 1] as const) {
      const whole = readFileSync(files[at]);
      for (let length = 0; length < whole.length; length += 151) {
        const cut = join(folder, 'cut');
        writeFileSync(cut, whole.subarray(0, length));
        const { code, err } = await run(at === 0 ? cut : files[0], at === 1 ? cut : files[1]);
        expect([0, 2]).toContain(code);
        expect(err).toMatch(/^(?:relayscope: .*\n){0,3}$/);
      }
    }
  });
});

describe('bytes stop', () => {
  test('in the copy buffer, where a write takes a part and the rest waits', async () => {
    const trace = new HandMadeTrace().note('connection', NAMED);
    read(trace, 5, 'a -> b', 100);
    trace.write(5, 'a -> b', 40, { pos: 0, cap: 100, offered: 100 });
    trace.write(5, 'a -> b', 'pending', { pos: 40, cap: 100, offered: 60 });
    const { told } = await joined(trace, talk({ from: 'a', offset: 0, bytes: Buffer.alloc(40, 'x') }));
    expect(told.directions[0]).toMatchObject({
      stopsAt: 'copy-buffer',
      message: 'stopped in the copy buffer at 40 of 100 bytes (pos 40, cap 100); its write waits; 40 arrived at b',
    });
    expect(told.flows.b).toMatchObject({ id: 1, by: 'endpoints' });
  });

  test('at the socket, where less is read than came', async () => {
    const trace = new HandMadeTrace().note('connection', NAMED);
    read(trace, 5, 'b -> a', 30);
    trace.write(5, 'b -> a', 30);
    const { told } = await joined(trace, talk({ from: 'b', offset: 0, bytes: Buffer.alloc(70, 'x') }));
    expect(told.directions[1]).toMatchObject({
      stopsAt: 'socket',
      message: "stopped at b's socket: 70 bytes reached b's socket, and 30 were read (pollRead was called 1 time)",
    });
  });

  test('between the copy and the socket, where less is sent than was written', async () => {
    const trace = new HandMadeTrace().note('connection', NAMED);
    read(trace, 1, 'a -> b', 90);
    trace.write(1, 'a -> b', 90);
    const { told } = await joined(trace, talk({ from: 'a', offset: 0, bytes: Buffer.alloc(20, 'x') }));
    expect(told.directions[0]).toMatchObject({
      stopsAt: 'writer',
      message: "stopped between the copy and b's socket: 90 bytes written, 20 sent",
    });
  });

  test.each([
    ['the capture has not got all messages', [GRANTED, HELLO, null, HELLO], '10 arrived in 2 WebSocket messages'],
    ['the capture began late', [HELLO], '7 arrived'],
  ])('nobody knows where, if %s', async (_name, pieces, seen) => {
    const trace = new HandMadeTrace().note('connection', { ...NAMED, a: 'elsewhere', b: '192.0.2.1:40000' });
    read(trace, 1, 'a -> b', 90);
    trace.write(1, 'a -> b', 90);
    const packets: Buffer[] = pieces.length > 1 ? opening() : [];
    let offset = 0;
    for (const bytes of pieces) {
      if (bytes !== null) packets.push(ipv4({ from: 'b', offset, bytes }));
      offset += bytes?.length ?? 300;
    }
    const { told } = await joined(trace, packets);
    expect(told.directions[0]).toMatchObject({
      stopsAt: null,
      message: `90 bytes written, and not all of what b's socket carried is in the capture: ${seen} at b`,
    });
  });

  test('on the way, where less is acknowledged than was sent', async () => {
    const trace = new HandMadeTrace().note('connection', NAMED);
    read(trace, 1, 'a -> b', 90);
    trace.write(1, 'a -> b', 90);
    const packets = talk({ from: 'a', offset: 0, bytes: Buffer.alloc(90, 'x') }, { from: 'b', offset: 0, ack: 50 });
    expect((await joined(trace, packets)).told.directions[0]).toMatchObject({
      stopsAt: 'network',
      message: 'stopped on the way to b: of 90 bytes on the wire 50 were acknowledged',
    });
  });

  test('in a frame, where the rest of a message never came', async () => {
    const trace = new HandMadeTrace().note('connection', NAMED);
    trace.event('poll', 1, { timeMs: 1, n: 1 });
    const frame = Buffer.concat([Buffer.from([0x82, 100]), Buffer.alloc(60, 'x')]);
    const packets = talk({ from: 'b', offset: 0, bytes: Buffer.concat([GRANTED, frame]) });
    expect((await joined(trace, packets)).told.directions[1]).toMatchObject({
      stopsAt: 'frame',
      message: "stopped in a frame at b's socket: after 0 whole frames the last 62 bytes are of one that is not whole",
    });
  });

  test('nowhere, where all of them arrive, and a missed end is said', async () => {
    const trace = new HandMadeTrace().note('connection', { ...NAMED, a: '192.0.2.1:40000', b: 'elsewhere' });
    read(trace, 5, 'a -> b', 12);
    trace.write(5, 'a -> b', 12);
    const packets = talk(
      { from: 'a', offset: 0, bytes: Buffer.from('Hello, there'), flags: 1 },
      { from: 'b', offset: 0, ack: 13 },
    );
    expect((await joined(trace, packets)).told.directions[0]).toMatchObject({
      stopsAt: null,
      message:
        'all 12 bytes passed: written to b, whose flow is not in the capture; a has ended, and that was not read',
    });
  });

  test('nowhere, where too much was reported and the copy came to its end all the same', async () => {
    const trace = new HandMadeTrace().note('connection', NAMED);
    read(trace, 1, 'a -> b', 9);
    trace.write(1, 'a -> b', 10, { cap: 9, offered: 9 });
    trace.event('shutdown', 2, { direction: 'a -> b', n: 0, pos: 10, cap: 9 });
    const { told } = await joined(trace, talk({ from: 'a', offset: 0, bytes: Buffer.alloc(9, 'x') }));
    expect(told.directions[0]).toMatchObject({ stopsAt: null, message: 'all 9 bytes passed: 9 arrived at b' });
  });

  test('in a copy that broke off, by its own account', async () => {
    const trace = new HandMadeTrace()
      .note('connection', NAMED)
      .note('connection', { connection: 1, closedMs: 9, end: 'WRITE_COUNT_INVALID' });
    read(trace, 1, 'a -> b', 9);
    trace.write(1, 'a -> b', 10, { cap: 9, offered: 9 });
    const { told } = await joined(trace, talk({ from: 'a', offset: 0, bytes: Buffer.alloc(9, 'x') }));
    expect(told.directions[0]?.message).toBe('all 9 bytes passed: 9 arrived at b; the copy ended: WRITE_COUNT_INVALID');
  });
});

test('a capture that is damaged in the middle gives what came before, one line, and exit code 2', async () => {
  const trace = read(new HandMadeTrace().note('connection', NAMED), 1, 'a -> b', 5).write(1, 'a -> b', 5);
  const files = [join(folder, 'sound.ndjson'), join(folder, 'damaged.pcap')] as const;
  writeFileSync(files[0], trace.text());
  const packets = pcapOf(talk({ from: 'a', offset: 0, bytes: Buffer.from('Hello') }));
  writeFileSync(files[1], Buffer.concat([packets, Buffer.alloc(64, 0xff)]));
  const { code, out, err } = await run(...files);
  expect(code).toBe(2);
  expect(out).toContain('a -> b: all 5 bytes passed: 5 arrived at b');
  expect(err).toMatch(/^relayscope: .*damaged\.pcap: .* \[CAPTURE_MALFORMED\]\n$/);
});

test.each([
  ['no files', []],
  ['one file', ['fixtures/join/off-by-one.trace']],
  ['two standard inputs', ['-', '-']],
  ['three flows', ['--flow', '1', '--flow', '2', '--flow', '3', 'x', 'y']],
  ['files in the wrong order', ['fixtures/join/off-by-one.pcap', 'fixtures/join/off-by-one.trace']],
  ['no trace', ['fixtures/join/off-by-one.pcap', 'fixtures/join/off-by-one.pcap']],
  ['no capture', ['fixtures/join/off-by-one.trace', 'fixtures/join/off-by-one.trace']],
])('%s: one line, and exit code 2', async (_name, args) => {
  const { code, out, err } = await run(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^relayscope: .*\n(?:Try: .*\n)?$/);
});
