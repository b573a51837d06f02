import { z } from 'zod';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import { keepAlive } from '../../../src/streams/keep-alive.ts';
import { pollFault } from '../fault-definition.ts';
import { MAX_MS, whole } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

/** Of a peer that is gone for good no more is asked than that: a run in memory would never come to its end. */
const MOST_QUESTIONS = 3;

/** A peer that is there answers after so long. */
const ANSWER_MS = 1;

/** The stream asks its peer for a sign of life while nothing comes, as one with a ping does; a peer that is there answers. */
export const peerSilent = pollFault({
  name: 'peer-silent',
  summary: 'the peer is gone without a word: it answers no ping any more, and says nothing',
  halves: ['read'],
  calls: 'pings',
  class: 'dead-peer',
  parameters: z.object({
    everyMs: whole(1, MAX_MS).default(15_000).describe('after so long without a byte the peer is asked'),
  }),
  wrap: (inner, fault, { everyMs }) => {
    const { clock } = fault.context;
    const peer = new SilentPeerStream(inner, fault);
    let questions = 0;
    return keepAlive(peer, {
      everyMs,
      ask: (answered) => {
        questions = peer.isThere() ? 0 : questions + 1;
        if (questions === 0) clock.after(ANSWER_MS, answered);
      },
      clock: {
        nowMs: () => clock.nowMs(),
        after: (ms, callback) => (questions < MOST_QUESTIONS ? clock.after(ms, callback) : () => undefined),
      },
    });
  },
});

class SilentPeerStream extends HalfStream {
  #isGone = false;

  /** The peer is pinged. */
  isThere(): boolean {
    this.#isGone ||= this.fault.fires();
    return !this.#isGone;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    return this.#isGone ? this.#waitFor(cx) : this.pass(cx, bytes, start, end, given);
  }

  #waitFor(cx: Context): number {
    cx.register();
    return PENDING;
  }
}
