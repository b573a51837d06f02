import type { CaptureForm } from '../read/read-capture.ts';
import type { CaptureAbout } from '../report/capture-about.ts';

/** What the detectors look at: sums over all packets and all connections of a capture. */
export interface CaptureFacts {
  /** Null: damage kept it from being known. */
  form: CaptureForm | null;
  readonly about: CaptureAbout;
  /** Packets with a TCP segment. */
  segments: number;
  /** Whether packets passed a loopback interface, and whether they passed another one. */
  isLoopback: boolean;
  isNetwork: boolean;
  /** Packets that were cut by the snap length, how long the longest of these is, and what is missing of all. */
  cutPackets: number;
  longestCutBytes: number;
  cutOffBytes: number;
  /** Not on loopback: packets that no Ethernet without jumbo frames has carried, and the longest of them. */
  bigPackets: number;
  biggestBytes: number;
  /** Packets whose IP header has the length 0. */
  lengthless: number;
  flows: number;
  /** Connections without a beginning. */
  midway: number;
  /** Connections of which only what the client sent is there, or only what the server sent. */
  onlyClient: number;
  onlyServer: number;
  /** Bytes of the other direction, as far as it was acknowledged. */
  uncapturedBytes: number;
  /** Connections that are not over when the capture is, and how long one of them has been silent then, at most. */
  open: number;
  longestSilenceMs: number;
  /** Bytes that were sent, and not acknowledged by the end of the capture, on connections that are not over. */
  unacknowledged: number;
  /** What was acknowledged although it is not in the capture. */
  missingGaps: number;
  missingBytes: number;
  duplicates: number;
  /** By port of the server: how many connections. */
  readonly ports: Map<number, number>;
}

/** Something that is wrong with a capture itself. */
export interface Finding {
  /** Stable: `one-direction`, `snap-length`. */
  readonly code: string;
  /** Whole sentences. */
  readonly message: string;
  /** How many packets, connections or bytes, whatever the message counts first. */
  readonly count: number;
}

/** A pure look at the facts. Null: nothing is wrong. */
export type Detector = (facts: CaptureFacts) => Finding | null;
