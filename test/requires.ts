/**
 * Whether something that a fresh machine may lack is there. If not, says which tests are left out; in CI, where it is
 * installed, it is an error instead.
 *
 * @param probe throws if it is not there.
 */
export function requires(what: string, probe: () => unknown): boolean {
  try {
    probe();
    return true;
  } catch (cause) {
    if (process.env['CI'] === 'true') throw new Error(`CI needs ${what}`, { cause });
    console.log(`Skipped: the tests that need ${what}, which is not on this machine`);
    return false;
  }
}
