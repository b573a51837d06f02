/** What is known when a shutdown is done and the far end would read on. */
export interface ShutdownFacts {
  readonly taken: number;
  readonly received: number;
  readonly sawEnd: boolean;
}

/** A shutdown that is done has passed on everything, and the end behind it. */
export function checkPassedOn({ taken, received, sawEnd }: ShutdownFacts): string | null {
  if (received < taken && sawEnd)
    return `${taken - received} bytes that pollWrite had taken were dropped by the shutdown`;
  if (received < taken) return `pollShutdown returned 0, and ${taken - received} bytes have not been passed on`;
  return sawEnd ? null : 'pollShutdown returned 0, and the far end was never told the end';
}

/** A second shutdown has nothing to do. */
export function checkAgain(isPending: boolean): string | null {
  return isPending ? 'pollShutdown is PENDING after it was done: expected 0 again' : null;
}

/** The end is told when the user asks for it, and not before. */
export function checkEndWanted(shutdownAsked: boolean): string | null {
  return shutdownAsked ? null : 'The far end was told the end, and nobody has shut down';
}
