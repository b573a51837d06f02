import type { FlowDirection } from '../capture/tcp-flow.ts';
import type { Conversation, Turn } from './conversation.ts';

/** What one side does in a replay, one step after the other. */
export type SideStep =
  /** Waits until it has got so many bytes in all. */
  | { readonly kind: 'wait'; readonly received: number }
  /** Waits until it has seen the end of the other side. */
  | { readonly kind: 'wait-end' }
  /** To the microsecond. */
  | { readonly kind: 'pause'; readonly ms: number }
  /** Says these of its bytes. */
  | { readonly kind: 'say'; readonly start: number; readonly end: number; readonly isText: boolean }
  | { readonly kind: 'end' }
  | { readonly kind: 'reset' };

export interface PaceOptions {
  /** As slowly as in the capture: a side pauses after what it waited for, or after what it last did, for as long as it did then. */
  readonly rhythm: boolean;
  /** What was said in one piece stays one piece; else pieces that nothing stands between are said as one. */
  readonly pieces: boolean;
}

/** What a side is to do. One whose end is not in the capture ends when it has got all that the other said. */
export function sideSteps(conversation: Conversation, from: FlowDirection, pace: PaceOptions): SideStep[] {
  const { turns, said } = conversation;
  const other = from === 0 ? 1 : 0;
  const theirs = turns.filter((turn) => turn.from === other);
  const steps: SideStep[] = [];
  let had = 0;
  let doneMs = 0;
  let heard = 0;
  let hasEnd = false;
  const wait = (received: number): void => {
    if (received <= had) return;
    steps.push({ kind: 'wait', received });
    had = received;
  };
  for (const turn of turns) {
    if (turn.from !== from) continue;
    wait(turn.after);
    if (turn.afterEnd && !hasEnd) {
      steps.push({ kind: 'wait-end' });
      hasEnd = true;
    }
    for (
      let next = theirs[heard];
      next !== undefined && next.end <= had && next.kind === 'bytes';
      next = theirs[heard]
    ) {
      doneMs = Math.max(doneMs, Math.min(next.atMs, turn.atMs));
      heard += 1;
    }
    const ms = Math.round((turn.atMs - doneMs) * 1000) / 1000;
    if (pace.rhythm && ms > 0) steps.push({ kind: 'pause', ms });
    doneMs = turn.atMs;
    if (turn.kind !== 'bytes') {
      steps.push({ kind: turn.kind });
      return steps;
    }
    say(steps, turn, pace.pieces);
  }
  wait(said[other].length);
  steps.push({ kind: 'end' });
  return steps;
}

function say(steps: SideStep[], { start, end, isText }: Turn, pieces: boolean): void {
  const last = steps.at(-1);
  if (!pieces && last?.kind === 'say') steps[steps.length - 1] = { ...last, end };
  else steps.push({ kind: 'say', start, end, isText });
}
