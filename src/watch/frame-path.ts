import { fileURLToPath } from 'node:url';

/** The path of a frame's script, as a person has it: of the URL of a file, in which a blank is `%20`; of others the URL. */
export function framePath(url: string): string {
  if (!url.startsWith('file://')) return url;
  try {
    return fileURLToPath(url);
  } catch {
    // What a program names its scripts is its own affair.
    return url;
  }
}
