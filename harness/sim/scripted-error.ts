/** What an `'e'` entry throws. */
export class ScriptedError extends Error {
  override readonly name = 'ScriptedError';
}
