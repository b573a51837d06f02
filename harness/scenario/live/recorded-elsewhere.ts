import type { MessagePort } from 'node:worker_threads';
import { RecorderNotes } from '../../../src/trace/recorder-notes.ts';
import type { WorkerMessage } from '../../../src/watch/worker-link.ts';

/** A recorder of another thread, as far as it can be read in this one. */
export interface RecordedElsewhere {
  readonly buffer: SharedArrayBuffer;
  readonly notes: RecorderNotes;
}

/** The recorder that a Worker has joined its watch with. @param port the supervisor's end of the link, to be listened to before others do. */
export function recordedElsewhere(port: MessagePort): Promise<RecordedElsewhere> {
  const notes = new RecorderNotes();
  return new Promise((resolve) => {
    port.on('message', (message: WorkerMessage) => {
      if (message.kind === 'joined') {
        resolve({ buffer: message.joined.ring, notes });
        return;
      }
      const { item } = message;
      if (item.kind === 'connection') notes.connection(item.note);
      // They come in the order in which they were numbered there.
      if (item.kind === 'string') notes.text(item.text);
    });
  });
}
