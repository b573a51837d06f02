import { Buffered } from './buffered.ts';

/** A flush that says that it is done, and has done nothing. */
export class FlushLies extends Buffered {
  override pollFlush(): number {
    return 0;
  }
}
