/** What a capture says of itself, or a reader of it. */
export type CaptureNote =
  | {
      readonly kind: 'interface';
      readonly index: number;
      readonly linkType: number;
      /** The snap length, in bytes; 0 is none. */
      readonly snapBytes: number;
      readonly name?: string;
      /** The capture filter, as it was given. */
      readonly filter?: string;
    }
  /** Of one interface, what the capturing program counted: packets received, and packets that it lost. */
  | {
      readonly kind: 'statistics';
      readonly interfaceIndex: number;
      readonly received?: number;
      readonly dropped?: number;
    }
  /** A person's, or a program's: of a packet, or of the whole (null). */
  | { readonly kind: 'comment'; readonly packet: number | null; readonly text: string }
  /** The file ends in the middle of something, as that of a killed tcpdump does. What came before it counts. */
  | { readonly kind: 'cut'; readonly fileOffset: number; readonly missingBytes: number }
  /** A part that was left out, and why. */
  | { readonly kind: 'skipped'; readonly fileOffset: number; readonly why: string };
