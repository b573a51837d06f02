import type { CaptureNote } from './capture-note.ts';

/**
 * One packet as a capture holds it. A reader uses one object, and the memory that it points at, for all packets: whoever
 * keeps anything copies it.
 */
export interface CapturedPacket {
  /** Its place in the capture, from 1, as tshark numbers them. */
  number: number;
  /** Where its record begins in the capture, in bytes, once unpacked. */
  fileOffset: number;
  /** Since 1970, in two parts: a double holds no nanoseconds of today. */
  seconds: number;
  nanoseconds: number;
  /** A LINKTYPE_ number (tcpdump.org/linktypes.html): 1 is Ethernet. */
  linkType: number;
  /** Which of the capture's interfaces; 0 where there is but one. */
  interfaceIndex: number;
  /** The packet is `bytes` from `start` to `end`. */
  bytes: Uint8Array;
  start: number;
  end: number;
  /** What it had on the wire; more than end − start if it was cut by the snap length. */
  wireBytes: number;
}

/** Where a reader of captures puts what it finds, in the order of the file. */
export interface PacketSink {
  packet(packet: CapturedPacket): void;
  note(note: CaptureNote): void;
  /** The memory of the packets so far is about to be used again: the last moment to copy what is still pointed at. */
  settle?(): void;
}
