import fc from 'fast-check';
import { expect, test } from 'vitest';
import { follow } from '../support/follow.ts';
import { pcapOf } from '../support/packets.ts';
import { FIN, handshake, said, TALK, type TcpTalk } from '../support/tcp-packet.ts';

/** What one side sends next: a new piece, or an old one again, lost on the way to the capture or not. */
interface Step {
  readonly who: 'a' | 'b';
  readonly bytes: number;
  readonly isAgain: boolean;
  readonly back: number;
  readonly isCaptured: boolean;
  /** Whether the other side's bytes so far are acknowledged in it. */
  readonly isAcknowledging: boolean;
  /** So many packets overtake it in the capture. */
  readonly overtaken: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.constantFrom('a' as const, 'b' as const),
  bytes: fc.integer({ min: 1, max: 40 }),
  isAgain: fc.nat(3).map((one) => one === 0),
  back: fc.nat(200),
  isCaptured: fc.nat(5).map((one) => one !== 0),
  isAcknowledging: fc.boolean(),
  overtaken: fc.nat(9).map((one) => (one < 7 ? 0 : one - 6)),
});

const truth = (who: 'a' | 'b', at: number): number => (at * 31 + (at >> 4) + (who === 'a' ? 5 : 99)) & 0xff;

/** Plays the steps; says which packets the capture has, and which bytes of each side are in them. */
function play(steps: readonly Step[], talk: TcpTalk) {
  const sent = { a: 0, b: 0 };
  const seen = { a: new Set<number>(), b: new Set<number>() };
  const queue: { readonly at: number; readonly packet: Buffer }[] = [];
  for (const [index, { who, bytes, isAgain, back, isCaptured, isAcknowledging, overtaken }] of steps.entries()) {
    const other = who === 'a' ? 'b' : 'a';
    const from = isAgain ? Math.max(0, sent[who] - back) : sent[who];
    const piece = Buffer.from(Array.from({ length: bytes }, (_, at) => truth(who, from + at)));
    sent[who] = Math.max(sent[who], from + bytes);
    if (!isCaptured) continue;
    for (let at = 0; at < bytes; at += 1) seen[who].add(from + at);
    const acked = isAcknowledging ? sent[other] : 0;
    queue.push({ at: index + overtaken + 0.5 * Math.sign(overtaken), packet: said(who, from, piece, { acked, talk }) });
  }
  const packets = queue.toSorted((one, next) => one.at - next.at).map(({ packet }) => packet);
  for (const who of ['a', 'b'] as const)
    packets.push(said(who, sent[who], '', { flags: FIN, acked: sent[who === 'a' ? 'b' : 'a'], talk }));
  return { packets, sent, seen };
}

const talks = fc
  .tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 0xffff_ff00, max: 0xffff_ffff }))
  .map(([one, other]): TcpTalk => ({ a: { ...TALK.a, isn: one }, b: { ...TALK.b, isn: other } }));

test('whatever both sides send, lose, repeat and reorder, each has its captured bytes, once, in order, and its gaps', async () => {
  const scenario = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 60 }),
    talk: talks,
    chunk: fc.integer({ min: 50, max: 900 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ steps, talk, chunk }) => {
      const { packets, sent, seen } = play(steps, talk);
      const [one, ...others] = await follow(pcapOf([...handshake(talk), ...packets]), chunk);
      expect(others).toEqual([]);
      for (const [direction, who] of (['a', 'b'] as const).entries()) {
        const expected = Buffer.from(
          Array.from({ length: sent[who] }, (_, at) => at)
            .filter((at) => seen[who].has(at))
            .map((at) => truth(who, at)),
        );
        const side = direction === 0 ? 0 : 1;
        expect(one?.bytes[side].equals(expected)).toBe(true);
        for (const { offset, length, reason } of one?.gaps[side] ?? []) {
          expect(reason).toBe('lost');
          expect(Array.from({ length }, (_, at) => seen[who].has(offset + at))).not.toContain(true);
        }
        const missing = one?.gaps[side].reduce((sum, { length }) => sum + length, 0);
        expect(missing).toBe(sent[who] - expected.length);
        expect(one?.flow.sides[side]).toMatchObject({ streamBytes: sent[who], end: 'fin', conflicts: 0, strays: 0 });
      }
      expect(one?.isClosed).toBe(true);
    }),
    { numRuns: 300 },
  );
});

/** What came before the beginning cannot be had; of what follows, nothing may be wrong, and nothing that is new may be missing. */
test('a capture that begins in the middle has what follows, at the right place', async () => {
  const scenario = fc.record({
    steps: fc.array(step, { minLength: 4, maxLength: 60 }),
    skipped: fc.integer({ min: 0, max: 40 }),
    talk: talks,
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ steps, skipped, talk }) => {
      // In order: what overtakes the first packet of all is before the beginning.
      const { packets, sent } = play(
        steps.map((one) => ({ ...one, overtaken: 0 })),
        talk,
      );
      const captured = packets.slice(Math.min(skipped, packets.length - 2));
      const [one, ...others] = await follow(pcapOf(captured));
      expect(others).toEqual([]);
      // Who is the client is guessed from what is said first, and these bytes may look like a server's.
      const aIsClient = one?.flow.client === `${talk.a.address.join('.')}:${talk.a.port}`;
      for (const [direction, who] of (['a', 'b'] as const).entries()) {
        const side = (direction === 0) === aIsClient ? 0 : 1;
        const state = one?.flow.sides[side];
        // The stream ends where the truth ends, so its place in the truth is known.
        const base = sent[who] - (state?.streamBytes ?? 0);
        const lost = new Set<number>();
        for (const { offset, length } of one?.gaps[side] ?? [])
          for (let at = 0; at < length; at += 1) lost.add(base + offset + at);
        const expected = Array.from({ length: state?.streamBytes ?? 0 }, (_, at) => base + at)
          .filter((at) => !lost.has(at))
          .map((at) => truth(who, at));
        expect([...(one?.bytes[side] ?? [])]).toEqual(expected);
        expect(state).toMatchObject({ end: 'fin', conflicts: 0, strays: 0 });
      }
    }),
    { numRuns: 300 },
  );
});
