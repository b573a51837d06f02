import type { Half } from '../../src/poll/direction.ts';

/**
 * One case: how the inner side behaves, and what is done to both ends of it. Plain data, so that it can be made from a
 * seed, made small, printed and pasted.
 *
 * Near is the stream under test, in the hands of a copy; far is the other end of its inner side, in ours. When the steps
 * are through, whatever is still open is brought to its end: everything is read, flushed and shut down, and looked at.
 */
export interface StreamCase {
  readonly inner: InnerBehaviour;
  readonly steps: readonly CaseStep[];
  /** What is shut down first when the steps are through and both directions are still open. Default: near. */
  readonly endsFirst?: 'near' | 'far';
}

/** What the side beneath the stream does of all that it may do. A kind of inner side does what it can of this. */
export interface InnerBehaviour {
  /** How much lies in each direction between the two ends until a write has to wait. Default: 65,536. */
  readonly capacityBytes?: number;
  /** A call beneath moves at most so many bytes. Default: no limit. */
  readonly chunkBytes?: number;
  /** Every so-manieth call beneath is PENDING first, though it need not be. Default: none. */
  readonly pendingEvery?: number;
  /** Wakes come from inside the call that causes them, and not only when the case takes its turn. Default: false. */
  readonly wakesAtOnce?: boolean;
  /** What is written goes on only when it is flushed. Default: false. */
  readonly holds?: boolean;
  /** It hands over chunks (`pollChunk`), too. Default: false. */
  readonly chunks?: boolean;
}

export type CaseStep =
  /**
   * So many bytes more are to be written, borrowed or given away. What an earlier write still waits with is offered
   * again with them in one slice. After the shutdown: a write that must fail.
   */
  | { readonly kind: 'write'; readonly bytes: number; readonly given?: boolean }
  /** One read with room for so many bytes (`chunk`: one chunk, where the stream hands over chunks). A read that waits is asked again with this room. */
  | { readonly kind: 'read'; readonly bytes: number; readonly chunk?: boolean }
  | { readonly kind: 'flush' }
  /** What still waits to be written is given up first: a write that is PENDING has taken nothing. */
  | { readonly kind: 'shutdown' }
  /** The half that waits is polled though nobody has woken it; `newWaker`: by another task from here on. */
  | { readonly kind: 'poll'; readonly half: Half; readonly newWaker?: boolean }
  /** The far end writes and flushes so many bytes more. */
  | { readonly kind: 'far-write'; readonly bytes: number }
  | { readonly kind: 'far-end' }
  /** The far end is ready to read so many bytes more: without it, it reads nothing until the steps are through. */
  | { readonly kind: 'far-read'; readonly bytes: number }
  /** The inner side fails, both ways. */
  | { readonly kind: 'fail' }
  /** Wakes arrive, who is woken polls, until nothing moves any more; then nobody may be left waiting who could go on. */
  | { readonly kind: 'turn' };
