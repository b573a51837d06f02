import { RelayscopeError } from '../../src/errors.ts';

/** The command was called wrongly: what was expected and what came, on one line. */
export class UsageError extends RelayscopeError {
  constructor(message: string, options?: ErrorOptions) {
    super('USAGE', message, options);
  }
}
