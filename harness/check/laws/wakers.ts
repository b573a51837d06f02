import type { Half } from '../../../src/poll/direction.ts';

/** A half that is woken so often in one turn, and moves nothing, goes on for ever. */
const MAX_IDLE_POLLS = 200;

/** A poll that nobody asked for must not find anything to do. */
export function checkWoken(half: Half, hasMoved: boolean): string | null {
  return hasMoved ? `The ${name(half)} half waits, nobody is left to wake it, and a poll would have gone on` : null;
}

/** What has come has to be handed out. */
export function checkHandedOut(flushed: number, received: number): string | null {
  if (flushed <= received) return null;
  return `The reading half waits, nobody is left to wake it, and ${flushed - received} bytes have come that even a poll does not hand out`;
}

/** Who is woken for nothing all the time keeps a processor busy. */
export function checkIdlePolls(half: Half, polls: number): string | null {
  if (polls <= MAX_IDLE_POLLS) return null;
  return `The ${name(half)} half was woken ${polls} times in a row, and each poll was PENDING`;
}

function name(half: Half): string {
  return half === 'read' ? 'reading' : 'writing';
}
