import type { Socket } from 'node:net';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { FaultContext } from '../active-fault.ts';
import { activeFaults } from '../apply-faults.ts';
import type { Admission, FaultyLink, TransportFault } from '../fault-definition.ts';
import type { FaultPlan, Side } from '../fault-plan.ts';

/** A stream over a connection with all faults of the plan that act on its bytes at this side, the first nearest to it. */
export function applyTransportFaults(
  stream: PollStream,
  link: FaultyLink,
  { side, plan, context }: { readonly side: Side; readonly plan: FaultPlan; readonly context: FaultContext },
): PollStream {
  let faulty = stream;
  for (const fault of activeFaults('transport', side, plan, context)) {
    // Level transport was asked for.
    faulty = (fault.definition as TransportFault).wrap?.(faulty, fault, link) ?? faulty;
  }
  return faulty;
}

/** What the plan does with a connection that has just come; null: it is let in. The first fault that fires decides. */
export function admissionOf(plan: FaultPlan, context: FaultContext): Admission | null {
  for (const fault of activeFaults('transport', 'a', plan, context)) {
    const admission = (fault.definition as TransportFault).admit?.(fault) ?? null;
    if (admission !== null) return admission;
  }
  return null;
}

/** A socket, for the faults that do to it what no stream does. */
export function linkOf(socket: Socket): FaultyLink {
  // One listener for all faults: Node warns of a leak beyond ten.
  let whenOver: (() => void)[] | null = null;
  return {
    reset() {
      // One that still connects is reset by Node as soon as it has: the peer is to see it.
      socket.resetAndDestroy();
    },
    end() {
      socket.end();
    },
    close() {
      // What was written is sent first.
      socket.destroySoon();
    },
    whenOver(callback) {
      if (socket.closed) {
        callback();
        return;
      }
      if (whenOver === null) {
        whenOver = [];
        socket.once('close', () => {
          for (const call of whenOver ?? []) call();
          whenOver = [];
        });
      }
      whenOver.push(callback);
    },
  };
}
