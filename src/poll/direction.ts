/** Spelled as in the trace that found the first bug, wherever a person reads it. */
export type Direction = 'a -> b' | 'b -> a';

/** The half of a stream that is polled: `write` covers pollWrite, pollFlush and pollShutdown. */
export type Half = 'read' | 'write';
