import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import type { DialectName } from '../../src/copy/dialect.ts';
import { PENDING } from '../../src/poll/pending.ts';
import { RelayscopeError } from '../../src/errors.ts';
import { End, type ReadMode } from './support/end.ts';
import { SeededRandom } from './support/seeded-random.ts';
import type { Carries, MakePair } from './support/stream-pair.ts';

const SEED = Number(process.env['RELAYSCOPE_SEED'] ?? 20_261_101);
const PAYLOAD_BYTES = 400_000;
/** Twice as long as a lost wake takes to be noticed. */
const TEST_TIMEOUT_MS = 10_000;
const DIALECTS: readonly DialectName[] = ['checked', 'tokio-1.53.1'];

/**
 * The laws of the contract (src/poll/poll-stream.ts), for a kind of stream over its real transport. Those that hold for
 * every single call (counts, registration, borrowed bytes, no poll within a poll) are checked by LawfulStream in all of
 * these tests. RELAYSCOPE_SEED repeats a run.
 */
export function describeContract(name: string, makePair: MakePair, carries: Carries): void {
  describe(`${name}, seed ${SEED}`, { timeout: TEST_TIMEOUT_MS }, () => {
    describeBytes(makePair);
    describeEnds(makePair, carries);
    describeWaiting(makePair, carries);
    describeAborts(makePair, carries);
    describeCopies(makePair, carries);
  });
}

function describeBytes(makePair: MakePair): void {
  const modes: [ReadMode, boolean][] = [
    ['bytes', false],
    ['chunks', true],
    ['mixed', false],
  ];
  test.for(modes)(
    'bytes arrive once and in order, both ways at once (read as %s, given: %s)',
    async ([mode, given]) => {
      const { a, b, random } = await open(makePair);
      const up = random.bytes(PAYLOAD_BYTES);
      const down = random.bytes(PAYLOAD_BYTES + 1);
      const [atA, atB] = await Promise.all([
        a.read(down.length, mode),
        b.read(up.length, mode),
        a.write(up, given),
        b.write(down, given),
      ]);
      expect([digest(atB), digest(atA)]).toEqual([digest(up), digest(down)]);
    },
  );

  test('what was written and flushed arrives though nothing else happens', async () => {
    const { a, b } = await open(makePair);
    await a.write(Buffer.from('ping'));
    const [atB] = await Promise.all([b.read(4), a.flush()]);
    await b.write(Buffer.from('pong'));
    const [atA] = await Promise.all([a.read(4), b.flush()]);
    expect([atB.toString(), atA.toString()]).toEqual(['ping', 'pong']);
    // With nothing to flush there is nothing to wait for.
    await Promise.all([a.flush(), b.flush()]);
  });
}

function describeEnds(makePair: MakePair, carries: Carries): void {
  test('the end of the stream is 0, comes after the last byte, and stays 0', async () => {
    const { a, b, random } = await open(makePair);
    const up = random.bytes(10_000);
    const [atB] = await Promise.all([b.readToEnd(), a.write(up).then(() => a.shutdown())]);
    expect(digest(atB)).toBe(digest(up));
    expect([b.pollOnce(), b.pollOnce()]).toEqual([0, 0]);
    expect(await b.readToEnd('chunks')).toHaveLength(0);
  });

  test('a shutdown can be asked for again, and nothing can be written after it', async () => {
    const { a, b } = await open(makePair);
    await Promise.all([a.shutdown(), b.readToEnd()]);
    await a.shutdown();
    expect(a.stream.pollShutdown(a.writing)).toBe(0);
    expect(a.stream.pollFlush(a.writing)).toBe(0);
    await expect(a.write(Buffer.from('late'))).rejects.toMatchObject({ code: 'WRITE_AFTER_SHUTDOWN' });
  });

  law(carries.halfClose)('after the shutdown of one end the other direction goes on', async () => {
    const { a, b, random, closed } = await open(makePair);
    const down = random.bytes(PAYLOAD_BYTES);
    await Promise.all([a.shutdown(), b.readToEnd()]);
    const [atA] = await Promise.all([a.readToEnd(), b.write(down).then(() => b.shutdown())]);
    expect(digest(atA)).toBe(digest(down));
    // Both directions have ended: nobody need destroy anything.
    await closed;
  });

  law(!carries.halfClose)('the shutdown of one end ends both directions, as an end of stream', async () => {
    const { a, b, closed } = await open(makePair);
    await Promise.all([a.shutdown(), b.readToEnd()]);
    expect(await a.readToEnd()).toHaveLength(0);
    await expect(b.write(Buffer.from('late'))).rejects.toMatchObject({ code: 'WEBSOCKET_CLOSED' });
    await b.shutdown();
    await closed;
  });
}

function describeWaiting(makePair: MakePair, carries: Carries): void {
  test('a read that waits is woken by what arrives, and not by the poll itself', async () => {
    const { a, b } = await open(makePair);
    expect(b.pollOnce()).toBe(PENDING);
    const wakes = b.reading.wakes;
    await a.write(Buffer.from('x'));
    await Promise.all([a.flush(), b.reading.woken(wakes)]);
    expect(await b.read(1)).toEqual(Buffer.from('x'));
  });

  const { aToB, bToA } = carries.bytesUnread;
  for (const [from, limit] of [['a', aToB] as const, ['b', bToA] as const]) {
    law(limit !== null)(
      `writing at ${from} to who does not read becomes PENDING, and is woken when it is read`,
      async () => {
        const pair = await open(makePair);
        const [writer, reader] = from === 'a' ? [pair.a, pair.b] : [pair.b, pair.a];
        await writer.write(Buffer.from('x'));
        await reader.read(1);
        const taken = await writer.fill(16_384, limit ?? 0);
        expect(taken).toBeGreaterThan(0);
        // Both halves of the writer's end wait now; neither may have pushed the other's registration out.
        const reply = writer.read(2);
        const wakes = writer.writing.wakes;
        expect(await reader.read(taken)).toHaveLength(taken);
        await writer.writing.woken(wakes);
        const tail = Buffer.from('the tail');
        const [atReader] = await Promise.all([
          reader.read(tail.length),
          writer.write(tail).then(() => writer.flush()),
          reader.write(Buffer.from('ok')),
        ]);
        expect([atReader, await reply]).toEqual([tail, Buffer.from('ok')]);
      },
    );
  }
}

function describeAborts(makePair: MakePair, carries: Carries): void {
  const cut = new Error('Cut by the test');

  test.for(['a', 'b'] as const)('an abort at %s fails what waits there, and frees the transport', async (at) => {
    const { a, b, closed } = await open(makePair);
    const [here, there] = at === 'a' ? [a, b] : [b, a];
    await Promise.all([here.write(Buffer.from('x')), there.read(1)]);
    const waiting = here.read(1);
    here.stream.abort(cut);
    await expect(waiting).rejects.toMatchObject({ code: 'STREAM_ABORTED', cause: cut });
    await expect(here.write(Buffer.from('late'))).rejects.toMatchObject({ code: 'STREAM_ABORTED' });
    // What the other end makes of it is the next law's: here both are aborted.
    there.stream.abort(cut);
    await expect(closed).resolves.toBeDefined();
  });

  for (const at of ['a', 'b'] as const) {
    law(carries.abort[at])(`an abort at ${at} is an error at the other end, never an end of stream`, async () => {
      const { a, b, random, closed } = await open(makePair);
      const [here, there] = at === 'a' ? [a, b] : [b, a];
      await Promise.all([here.write(Buffer.from('x')), there.read(1)]);
      const reading = there.readToEnd().then(digest);
      // What was sent before the abort may arrive before the error, but must not turn it into an end.
      here.stream.pollWrite(here.writing, random.bytes(30_000), 0, 30_000, true);
      here.stream.pollFlush(here.writing);
      here.stream.abort(cut);
      await expect(reading).rejects.toBeInstanceOf(RelayscopeError);
      await expect(there.write(random.bytes(PAYLOAD_BYTES))).rejects.toBeInstanceOf(RelayscopeError);
      // Nobody aborted the other end: its own error has freed it.
      await closed;
    });
  }
}

function describeCopies(makePair: MakePair, carries: Carries): void {
  test.for(DIALECTS)('a copy (%s) joins two of them, and passes on both ends', async (dialect) => {
    const near = await open(makePair);
    const far = await open(makePair);
    const { random, a: client } = near;
    const server = far.b;
    const copied = copyBidirectional(near.b.stream, far.a.stream, { dialect });
    const up = random.bytes(PAYLOAD_BYTES);
    const down = random.bytes(PAYLOAD_BYTES - 1);
    // Without half-close the first end is the last: it has to wait until both directions are through.
    const [atServer, atClient] = carries.halfClose
      ? await Promise.all([
          server.readToEnd(),
          client.readToEnd(),
          client.write(up).then(() => client.shutdown()),
          server.write(down).then(() => server.shutdown()),
        ])
      : await Promise.all([server.read(up.length), client.read(down.length), client.write(up), server.write(down)]);
    await Promise.all([client.shutdown(), server.readToEnd(), client.readToEnd()]);
    expect([digest(atServer), digest(atClient)]).toEqual([digest(up), digest(down)]);
    expect(await copied).toEqual({ aToB: up.length, bToA: down.length });
  });

  law(carries.abort.a && carries.abort.b)('a copy carries an abort across', async () => {
    const near = await open(makePair);
    const far = await open(makePair);
    const copied = copyBidirectional(near.b.stream, far.a.stream);
    await Promise.all([near.a.write(Buffer.from('x')), far.b.read(1)]);
    const reading = near.a.readToEnd().then(digest);
    const outcome = copied.catch((error: unknown) => error);
    far.b.stream.abort(new Error('Cut by the test'));
    await expect(reading).rejects.toBeInstanceOf(RelayscopeError);
    expect(await outcome).toMatchObject({ code: 'STREAM_FAILED', counts: { aToB: 1, bToA: 0 } });
    await Promise.all([near.closed, far.closed]);
  });
}

interface OpenPair {
  readonly a: End;
  readonly b: End;
  readonly random: SeededRandom;
  readonly closed: Promise<unknown>;
}

/** When the test is over both ends are aborted, and then nothing may be left of the transport. */
async function open(makePair: MakePair): Promise<OpenPair> {
  const { a, b, closed } = await makePair();
  const random = new SeededRandom(SEED);
  onTestFinished(async () => {
    a.abort?.(new Error('The test is over'));
    b.abort?.(new Error('The test is over'));
    await closed;
  });
  return { a: new End('a', a, random), b: new End('b', b, random), random, closed };
}

function digest(bytes: Uint8Array): string {
  return `${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A law that holds of some streams only; of the others it is not even asked, so that a skipped test is always a lack. */
function law(applies: boolean): (name: string, body: () => Promise<void>) => void {
  return applies ? test : () => undefined;
}
