import { CaptureError } from '../capture-error.ts';

/** An error with the file's name in front of its message, and in its place. */
export function inFile(name: string, error: CaptureError): CaptureError {
  // Who could not open it has named it.
  if (error.place.file !== undefined) return error;
  return new CaptureError(error.code, `${name}: ${error.message}`, { ...error.place, file: name }, { cause: error });
}
