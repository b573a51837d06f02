/** Reads one format of capture, a record at a time. */
export interface RecordReader {
  /** With fewer bytes than this the record that comes next cannot be read: exact once its header is there. */
  readonly neededBytes: number;
  /**
   * Reads every whole record in `bytes` from `start` to `end`, which begins at `fileOffset` of the capture. Returns where
   * the first one begins that is not whole. Throws CAPTURE_MALFORMED.
   */
  read(bytes: Uint8Array, start: number, end: number, fileOffset: number): number;
  /** The memory of what has been read is about to be used again. */
  settle(): void;
  /** The file has ended, with so many bytes of a record that is not whole. */
  end(restBytes: number, fileOffset: number): void;
}
