import { Frame } from './frame.ts';
import type { FrameFault, FrameOutlet } from './frame-fault.ts';
import { FrameParser } from './frame-parser.ts';
import type { WireQueue } from './wire-queue.ts';

/** A longer HTTP head is none that anybody takes: from there on the bytes go through as they are. */
const MAX_HEAD_BYTES = 65_536;

const HEAD_END = '\r\n\r\n';

/** The mask of frames that faults make. It need not be a surprise: no proxy has to be fooled. */
const MASK = Buffer.from('72656c79', 'hex');

export interface FrameLaneOptions {
  readonly queue: WireQueue;
  readonly faults: readonly FrameFault[];
  /** Whether this direction has frames of a client, which have to be masked. */
  readonly masks: boolean;
  /** Whether an HTTP head comes before the frames. */
  readonly hasHead: boolean;
  /** Gets the head, and says whether frames follow. */
  readonly onHead: (head: string) => boolean;
  /** Gets each frame that comes, before the faults do anything. */
  readonly onFrame: (frame: Frame) => void;
  readonly isDeflateOn: () => boolean;
}

/** One direction of a connection: bytes in, through the faults as frames, bytes out into a queue. */
export class FrameLane {
  readonly #options: FrameLaneOptions;
  readonly #parser: FrameParser;
  readonly #first: FrameOutlet;
  #state: 'head' | 'frames' | 'plain';
  #head: Buffer = Buffer.alloc(0);

  constructor(options: FrameLaneOptions) {
    this.#options = options;
    this.#state = options.hasHead ? 'head' : 'frames';
    // From the wire backwards: each outlet leads to the fault behind it.
    this.#first = options.faults.reduceRight((next, fault) => this.#outlet(fault, next), this.#wire());
    this.#parser = new FrameParser({
      frame: (frame) => {
        options.onFrame(frame);
        this.#first.frame(frame);
      },
      bytes: (bytes) => {
        this.#first.bytes(bytes);
      },
    });
  }

  push(bytes: Buffer): void {
    if (this.#state === 'head') this.#takeHead(bytes);
    else this.#passOn(bytes);
    this.#options.queue.pump();
  }

  end(): void {
    this.#first.bytes(this.#takeRest());
    this.#first.end();
    this.#options.queue.pump();
  }

  /** No frames come: from here on bytes are bytes. */
  becomePlain(): void {
    if (this.#state === 'plain') return;
    this.#first.bytes(this.#takeRest());
    this.#state = 'plain';
  }

  /** What has come of a head or a frame that is not whole. */
  #takeRest(): Buffer {
    const rest = this.#state === 'head' ? this.#head : this.#parser.takeRest();
    this.#head = Buffer.alloc(0);
    return rest;
  }

  #passOn(bytes: Buffer): void {
    if (bytes.byteLength === 0) return;
    if (this.#state === 'plain') this.#first.bytes(bytes);
    else this.#parser.push(bytes);
  }

  #takeHead(bytes: Buffer): void {
    const whole = this.#head.byteLength === 0 ? bytes : Buffer.concat([this.#head, bytes]);
    const end = whole.indexOf(HEAD_END);
    if (end === -1 && whole.byteLength <= MAX_HEAD_BYTES) {
      this.#head = whole;
      return;
    }
    const headBytes = end === -1 ? 0 : end + HEAD_END.length;
    this.#head = Buffer.alloc(0);
    this.#state = 'frames';
    if (!this.#options.onHead(whole.toString('latin1', 0, headBytes))) this.#state = 'plain';
    if (headBytes > 0) this.#first.head(whole.subarray(0, headBytes));
    this.#passOn(whole.subarray(headBytes));
  }

  #outlet(fault: FrameFault, next: FrameOutlet): FrameOutlet {
    return {
      ...next,
      frame: (frame) => {
        fault.frame(frame, next);
      },
      head: (bytes) => {
        if (fault.head === undefined) next.head(bytes);
        else fault.head(bytes, next);
      },
      end: () => {
        if (fault.end === undefined) next.end();
        else fault.end(next);
      },
    };
  }

  #wire(): FrameOutlet {
    const { queue, masks, isDeflateOn } = this.#options;
    const bytes = (bytes: Buffer): void => {
      if (bytes.byteLength > 0) queue.push({ kind: 'bytes', bytes });
    };
    return {
      isDeflateOn,
      make: (parts) => Frame.of({ fin: true, rsv: 0, mask: masks ? MASK : null, ...parts }),
      frame: ({ wire }) => {
        bytes(wire);
      },
      head: bytes,
      bytes,
      turn: () => {
        queue.push({ kind: 'turn' });
      },
      wait: (delayMs) => {
        queue.push({ kind: 'wait', delayMs });
      },
      flush: () => {
        queue.pump();
      },
      end: () => {
        queue.push({ kind: 'end' });
      },
      reset: () => {
        queue.push({ kind: 'reset' });
      },
    };
  }
}
