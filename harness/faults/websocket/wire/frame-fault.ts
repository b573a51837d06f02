import type { Frame, FrameParts } from './frame.ts';

/** What one fault does to one direction of a connection. It sees frames one by one and says what goes on instead. */
export interface FrameFault {
  frame(frame: Frame, out: FrameOutlet): void;
  /** The HTTP head of this direction, its empty line included. Default: it goes on. */
  head?(bytes: Buffer, out: FrameOutlet): void;
  /** The end of this direction. Whoever holds frames back gives them up now. Default: it goes on. */
  end?(out: FrameOutlet): void;
  /** A frame that goes by in the other direction. */
  opposite?(frame: Frame): void;
}

/** Where a fault puts what goes on: the next fault of the plan, and at last the wire. */
export interface FrameOutlet {
  /** Whether permessage-deflate was agreed on. */
  isDeflateOn(): boolean;
  /** A frame as this direction has to have it: whole, without reserved bits, masked if a client sends it. */
  make(parts: Pick<FrameParts, 'opcode' | 'payload'> & Partial<FrameParts>): Frame;
  frame(frame: Frame): void;
  head(bytes: Buffer): void;
  /** Bytes that are no frame any more: no fault after this one sees them. */
  bytes(bytes: Buffer): void;
  /** What follows is written in a later turn of the event loop. */
  turn(): void;
  /** What follows waits. */
  wait(delayMs: number): void;
  /** Sends what was given so far: for a fault that gives something at a time of its own. */
  flush(): void;
  /** FIN. Nothing of this direction follows. */
  end(): void;
  /** RST, which ends both directions. */
  reset(): void;
}
