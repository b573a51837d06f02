import { sleep, systemClock } from '../../../src/poll/clock.ts';
import type { FlowDirection } from '../../capture/tcp-flow.ts';
import type { Conversation } from '../conversation.ts';
import { GrowingBytes } from '../growing-bytes.ts';
import { sideSteps, type PaceOptions } from '../side-steps.ts';
import type { PeerLink } from './peer-link.ts';

/** A relay that gives more than so much of what nobody said is cut off. */
const MAX_SURPLUS_BYTES = 1024 * 1024;
const NAMES = ['a', 'b'] as const;

/** One side of a replay through a relay that is not ours: does on a connection what it did in the capture, and keeps what comes. */
export class ReplayPeer {
  /** Settles when it has done everything, and the other side has ended. */
  readonly over: Promise<void>;
  /** Of what broke the connection. */
  failure: string | null = null;
  hasEnded = false;
  /** It has done all its steps. */
  isDone = false;
  /** In words, what it waits for; null: nothing. */
  waitsFor: string | null = null;
  /** It makes a pause of the capture: not to move is what it is to do. */
  isPausing = false;
  readonly #from: FlowDirection;
  readonly #link: PeerLink;
  readonly #received = new GrowingBytes();
  readonly #said: Uint8Array;
  readonly #expectedBytes: number;
  readonly #onMove: () => void;
  readonly #ended = Promise.withResolvers<void>();
  #isClosed = false;
  #check: () => void = () => undefined;

  /** @param onMove is called whenever something has moved. */
  constructor(
    conversation: Conversation,
    from: FlowDirection,
    { link, pace, onMove }: { readonly link: PeerLink; readonly pace: PaceOptions; readonly onMove: () => void },
  ) {
    this.#from = from;
    this.#link = link;
    this.#onMove = onMove;
    this.#said = conversation.said[from];
    this.#expectedBytes = conversation.said[from === 0 ? 1 : 0].length;
    link.listen({
      data: (bytes) => {
        this.#take(bytes);
      },
      end: () => {
        this.hasEnded = true;
        this.#check();
        this.#onMove();
        this.#ended.resolve();
      },
      close: () => {
        this.#isClosed = true;
      },
      failed: (code) => {
        this.failure ??= code;
      },
    });
    this.over = Promise.all([this.#run(sideSteps(conversation, from, pace)), this.#ended.promise]).then(
      () => undefined,
    );
  }

  get received(): Uint8Array {
    return this.#received.whole();
  }

  destroy(): void {
    this.#link.destroy();
  }

  async #run(steps: readonly ReturnType<typeof sideSteps>[number][]): Promise<void> {
    for (const step of steps) {
      if (this.#isClosed) break;
      switch (step.kind) {
        case 'wait':
          await this.#has(step.received);
          break;
        case 'wait-end':
          await this.#has(Infinity);
          break;
        case 'pause':
          this.isPausing = true;
          await sleep(step.ms, systemClock);
          this.isPausing = false;
          break;
        case 'say':
          await this.#link.say(this.#said.subarray(step.start, step.end), step.isText);
          break;
        case 'end':
          // Whoever cannot end one direction alone ends when there is nothing more to come.
          if (!this.#link.hasHalfClose) await this.#has(this.#expectedBytes);
          this.#link.end();
          break;
        case 'reset':
          this.#link.reset();
          break;
      }
      this.#onMove();
    }
    this.isDone = true;
  }

  #take(bytes: Uint8Array): void {
    if (this.#received.length + bytes.length > this.#expectedBytes + MAX_SURPLUS_BYTES) {
      this.failure ??= 'REPLAY_TOO_MUCH';
      this.#link.destroy();
      return;
    }
    this.#received.extend(bytes.length).set(bytes);
    this.#check();
    this.#onMove();
  }

  async #has(bytes: number): Promise<void> {
    if (this.#received.length >= bytes || this.hasEnded) return;
    await new Promise<void>((resolve) => {
      this.#check = () => {
        const other = NAMES[this.#from === 0 ? 1 : 0];
        const what = bytes === Infinity ? 'the end' : `${bytes - this.#received.length} more bytes`;
        this.waitsFor = `${NAMES[this.#from]} waits for ${what} of ${other}`;
        if (this.#received.length < bytes && !this.hasEnded) return;
        this.waitsFor = null;
        resolve();
      };
      this.#check();
    });
  }
}
