import { describe, expect, test } from 'vitest';
import { ipv4 } from '../capture/support/packets.ts';
import { HandMadeTrace } from '../export/pcapng/hand-made-trace.ts';
import { joined, NAMED, read, talk } from './support/joined.ts';

describe('a flow is found', () => {
  /** Years apart by their clocks: nothing but the payload tells that they are the same. */
  const trace = (): HandMadeTrace =>
    read(new HandMadeTrace(1_600_000_000_000), 5, 'a -> b', 12)
      .write(5, 'a -> b', 12)
      .payload(1, 'a -> b', 0, Buffer.from('Hello, there'));

  test('by its payload, though the clocks differ', async () => {
    const { told } = await joined(trace(), talk({ from: 'a', offset: 0, bytes: Buffer.from('Hello, there') }));
    expect([told.flows.a?.by ?? told.flows.b?.by, told.clock?.isOneClock]).toEqual(['payload', false]);
  });

  test('not by a byte or two that are the same, as many are', async () => {
    const short = read(new HandMadeTrace(1_600_000_000_000), 5, 'a -> b', 2).payload(1, 'a -> b', 0, Buffer.from('Hi'));
    const { err } = await joined(short, talk({ from: 'a', offset: 0, bytes: Buffer.from('Hi') }));
    expect(err).toContain('No flow is known to be connection 1');
  });

  test('by its addresses, where what was recorded are stand-ins', async () => {
    const redacted = read(new HandMadeTrace().note('connection', NAMED), 5, 'b -> a', 5).note('payload', {
      connection: 1,
      direction: 'b -> a',
      offset: 0,
      redacted: true,
      bytes: Buffer.from('*****').toString('base64'),
    });
    const { told } = await joined(redacted, talk({ from: 'b', offset: 0, bytes: Buffer.from('Hello') }));
    expect(told.flows.b).toMatchObject({ id: 1, by: 'endpoints' });
  });

  test('among those of the same two ports by its byte counts', async () => {
    const SYN = 2;
    const again = 1_000_000;
    const packets = [
      ...talk({ from: 'b', offset: 0, bytes: Buffer.from('Hello, there') }),
      ipv4({ from: 'a', offset: again - 1, flags: SYN }),
      ipv4({ from: 'b', offset: again - 1, flags: SYN, ack: again }),
      ipv4({ from: 'b', offset: again, ack: again, bytes: Buffer.from('Hello, there, again') }),
    ];
    const counts = [12, 19];
    for (const [index, bytes] of counts.entries()) {
      const { told } = await joined(read(new HandMadeTrace().note('connection', NAMED), 5, 'b -> a', bytes), packets);
      expect(told.flows.b).toMatchObject({ id: index + 1, by: 'endpoints' });
    }
  });

  test('not where the payload differs and the clocks do', async () => {
    const { code, err } = await joined(trace(), talk({ from: 'a', offset: 0, bytes: Buffer.from('Hello, world') }));
    expect(code).toBe(2);
    expect(err).toBe(
      "relayscope: No flow is known to be connection 1 (12 bytes read from a, 0 from b): expected one of the capture's 1 flows with its addresses, its payload, or its times and byte counts; or --flow N [JOIN_NO_MATCH]\n",
    );
  });

  test('not by its addresses alone, where the payload differs', async () => {
    const named = trace().note('connection', NAMED);
    const { code, err } = await joined(named, talk({ from: 'a', offset: 0, bytes: Buffer.from('Hello, world') }));
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('No flow is known to be') as string });
  });

  test('not where the one that was named has fewer bytes than were read', async () => {
    const packets = talk(
      { from: 'a', offset: 0, bytes: Buffer.from('Hello') },
      { from: 'b', offset: 0, bytes: Buffer.from('x') },
    );
    const other = read(new HandMadeTrace(), 5, 'a -> b', 12);
    expect((await joined(other, packets, '--flow', '1')).err).toBe(
      'relayscope: Flow 1 is not connection 1 (12 bytes read from a, 0 from b): its byte counts are others [JOIN_NO_MATCH]\n',
    );
  });

  test.each([
    ['No flow 9 in the capture: expected one from 1 to 1', ['--flow', '9']],
    ['No connection 7 in the trace: expected one of its 1 connections', ['--connection', '7']],
  ])('or it is said: %s', async (message, args) => {
    const { code, err } = await joined(trace(), talk({ from: 'a', offset: 0, bytes: Buffer.from('x') }), ...args);
    expect({ code, err }).toEqual({ code: 2, err: `relayscope: ${message} [JOIN_NO_MATCH]\n` });
  });
});

describe('one clock', () => {
  const clockOf = async (startedAtMs: number, tickMs: number): Promise<unknown> => {
    const made = new HandMadeTrace(startedAtMs).note('about', { title: 'made by hand' }).note('connection', NAMED);
    const trace = read(made, tickMs, 'b -> a', 5);
    return (await joined(trace, talk({ from: 'b', offset: 0, bytes: Buffer.from('Hello') }))).told.clock;
  };

  test('has timed both, if what came is read soon after', async () => {
    expect(await clockOf(1_700_000_000_000, 5)).toEqual({ shiftMs: -1_700_000_000_000, isOneClock: true });
  });

  test('has not, if it was read half a second before it came', async () => {
    expect(await clockOf(1_699_999_999_500, 3)).toEqual({ shiftMs: -1_700_000_000_000, isOneClock: false });
  });

  test('is not known of a trace without the time of day that has read nothing', async () => {
    const trace = new HandMadeTrace(0).note('connection', NAMED).event('poll', 1, { timeMs: 1, n: 1 });
    const { told } = await joined(trace, talk({ from: 'b', offset: 0, bytes: Buffer.from('Hello') }));
    expect(told.clock).toBeNull();
  });
});

test('of a long time line the middle is left out', async () => {
  const trace = new HandMadeTrace().note('connection', NAMED);
  for (let at = 1; at <= 30; at += 1) read(trace, at, 'b -> a', 1).write(at, 'b -> a', 1);
  const { told } = await joined(trace, talk({ from: 'b', offset: 0, bytes: Buffer.alloc(30, 'x') }));
  expect(told.timeline).toHaveLength(40);
  expect(told.timeline.at(-1)).toEqual({ atMs: 30, offset: 30, direction: 'b -> a', layer: 'written' });
  // Twice 30 calls and the packet that brought it all.
  expect(told.leftOut).toBe(61 - 40);
});
