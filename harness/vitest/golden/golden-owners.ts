/** The golden traces that were written in this run, and by which test. */
const writers = new Map<string, { readonly id: string; readonly title: string }>();

/** Says that a test has written one. */
export function wroteGolden(path: string, id: string, title: string): void {
  writers.set(path, { id, title });
}

/** Which other test has written it in this run; null if none has. */
export function otherWriter(path: string, id: string): string | null {
  const writer = writers.get(path);
  return writer === undefined || writer.id === id ? null : writer.title;
}

const queues = new Map<string, Promise<unknown>>();

/** One after the other: tests that run at the same time may name the same path. */
export async function inTurn<T>(path: string, use: () => Promise<T>): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve();
  const turn = before.then(use, use);
  queues.set(path, turn);
  try {
    return await turn;
  } finally {
    if (queues.get(path) === turn) queues.delete(path);
  }
}
