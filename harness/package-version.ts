import { readFileSync } from 'node:fs';

/** The version of this package. */
export function packageVersion(): string {
  // One folder up among the sources, two in the built package.
  const up = import.meta.url.endsWith('.ts') ? '..' : '../..';
  const manifest: unknown = JSON.parse(readFileSync(new URL(`${up}/package.json`, import.meta.url), 'utf8'));
  // Ours, and the version is there: npm publishes none without.
  return (manifest as { version: string }).version;
}
