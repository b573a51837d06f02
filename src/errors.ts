/**
 * The two kinds of failure. A programmer's error is an `InvariantError` and is never caught; everything that can go
 * wrong in operation is a `RelayscopeError` with a stable `code` (all of them are listed in docs/errors.md).
 */
export class RelayscopeError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Thrown where the code itself is wrong; catching it hides a bug. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
