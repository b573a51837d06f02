/** A Duplex was closed and had not told the end of what there was to read: by Node's contract nothing comes after 'close'. */
export class ClosedEarly extends Error {
  constructor() {
    super("Duplex closed before its 'end'");
  }
}
