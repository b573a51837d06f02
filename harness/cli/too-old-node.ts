/** As in package.json's `engines`. */
const LEAST_MAJOR = 22;
const LEAST_MINOR = 19;

/** What to say where this version of Node cannot run the package; else null. It imports nothing: an old Node has to load it. */
export function tooOldNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST_MAJOR || (major === LEAST_MAJOR && minor >= LEAST_MINOR)) return null;
  return `relayscope needs Node ${LEAST_MAJOR}.${LEAST_MINOR} or later, this is ${version}`;
}
