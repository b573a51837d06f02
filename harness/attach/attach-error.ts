import { RelayscopeError } from '../../src/errors.ts';

export type AttachErrorCode =
  | 'ATTACH_UNSUPPORTED'
  | 'ATTACH_NO_SUCH_PROCESS'
  | 'ATTACH_OTHER_USER'
  | 'ATTACH_OTHER_NAMESPACE'
  | 'ATTACH_NOT_NODE'
  | 'ATTACH_STOPPED'
  | 'ATTACH_PORT_TAKEN'
  | 'ATTACH_INSPECTOR_UNREACHABLE'
  | 'ATTACH_HELD'
  | 'ATTACH_CANCELLED';

/** Why a process cannot be looked into. Unless the message says otherwise, it was not touched. */
export class AttachError extends RelayscopeError {
  declare readonly code: AttachErrorCode;
}
