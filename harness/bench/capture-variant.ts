/** The two captures of `bench capture`: packets as large as a loopback interface makes them, and small ones. */
export const CAPTURE_SHAPES = ['big', 'small'] as const;
export type CaptureShape = (typeof CAPTURE_SHAPES)[number];

/**
 * What is measured on each, in processes of their own: `read` reads the bytes, `walk` is the plain loop over the records, `frames` puts TCP
 * streams in order and counts frames and messages, `payload` puts the messages together, unmasked, as well.
 */
export const CAPTURE_VARIANTS = ['read', 'walk', 'frames', 'payload'] as const;
export type CaptureVariant = (typeof CAPTURE_VARIANTS)[number];

export function isCaptureVariant(name: string | undefined): name is CaptureVariant {
  return CAPTURE_VARIANTS.some((one) => one === name);
}

/** What a variant found in a capture; what it does not look for is 0. */
export interface CaptureCounts {
  readonly bytes: number;
  readonly packets: number;
  readonly messages: number;
  /** Of the messages, without their masks; a sum over the first byte of each tells whether they were taken off. */
  readonly payloadBytes: number;
  readonly firstBytes: number;
}

/** What a process tells of its variant. */
export interface CaptureMeasurement {
  /** Of the first pass, with code that has never run. */
  readonly firstMs: number;
  /** Of the fastest of the passes after it: whatever else a machine does only adds. */
  readonly ms: number;
  /** The most memory that the process has had (VmHWM), in bytes. */
  readonly peakBytes: number;
  readonly counts: CaptureCounts;
}
