import { setImmediate as nextTurn } from 'node:timers/promises';
import { memoryPair } from '../../../src/streams/memory-pair.ts';
import type { CheckOptions, StreamFactory } from '../check-options.ts';
import { expectLaw } from '../breach.ts';
import { checkHeld } from '../laws/back-pressure.ts';
import { makeStream } from '../make-stream.ts';
import { answersLater, notApplicableTo, type NotApplicable } from '../not-applicable.ts';
import type { StreamCase } from '../stream-case.ts';
import type { OpenSubject, Subject } from '../subject.ts';
import { ControlledStream } from './controlled-stream.ts';
import { CountedStream } from './counted-stream.ts';
import { WakeQueue } from './wake-queue.ts';

/** For streams that do some of their work in microtasks or after their turn: so many turns of the event loop are theirs. */
const TURNS = 2;
/** What never comes to rest is looked at after so many. */
const MAX_TURNS = 5000;
/** Whose timers go off again and again gets no more of them at a time. */
const MAX_TIMERS = 100;

const DEFAULT_MAX_BUFFERED_BYTES = 1024 * 1024;

/** Streams on top of another polled one. Everything is in memory, and wakes arrive when the case says so. */
export function pollSubject(factory: StreamFactory<'poll'>, options: CheckOptions<'poll'>): Subject {
  const { peer, timeoutMs = 5_000, onIdle = () => false } = options;
  let notApplicable: readonly NotApplicable[] = [];
  return {
    get notApplicable() {
      return notApplicable;
    },
    carriesHalfClose: options.carriesHalfClose ?? true,
    maxBufferedBytes: options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES,
    async open({ inner: behaviour }: StreamCase): Promise<OpenSubject> {
      const { capacityBytes = 65_536 } = behaviour;
      const [end, otherEnd] = memoryPair({ highWaterMarkBytes: capacityBytes });
      const wakes = new WakeQueue();
      const beneath = new CountedStream(end);
      const inner = new ControlledStream(beneath, wakes, behaviour);
      const made = await makeStream(factory, inner, timeoutMs, behaviour.chunks === true);
      notApplicable = notApplicableTo(made);
      const near = new CountedStream(made);
      const far = new CountedStream(peer === undefined ? otherEnd : await makeStream(peer, otherEnd, timeoutMs));
      const mostHeldBytes = (options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES) + capacityBytes;
      return {
        near,
        far,
        capacityBytes: behaviour.holds === true ? 2 * capacityBytes : capacityBytes,
        async settle() {
          let timers = 0;
          const goesOn = (): boolean => timers++ < MAX_TIMERS && onIdle();
          wakes.deliver();
          for (let quiet = 0, turns = 0; quiet < TURNS && turns < MAX_TURNS; turns += 1) {
            const { calls } = inner;
            await nextTurn();
            // What works in turns of its own is not done as long as it calls what is beneath.
            const isBusy = wakes.deliver() > 0 || inner.calls !== calls || (quiet === TURNS - 1 && goesOn());
            quiet = isBusy ? 0 : quiet + 1;
          }
          // Of what is beneath, frames are a part; of what the far end has written, it may hold a part itself.
          const held = Math.min(beneath.given, far.taken) - near.given;
          expectLaw('back-pressure', 'pollRead', checkHeld(held, mostHeldBytes));
        },
        failsWhenSettled: answersLater(made),
        fail(reason) {
          inner.fail(reason);
        },
        get misuse() {
          return inner.misuse;
        },
        close: () => Promise.resolve(),
      };
    },
  };
}
