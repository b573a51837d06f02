import { RelayscopeError } from '../../../src/errors.ts';

/** What a fault throws: code FAULT_INJECTED. */
export class FaultError extends RelayscopeError {
  constructor(message: string) {
    super('FAULT_INJECTED', message);
  }
}
