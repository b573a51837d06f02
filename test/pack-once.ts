import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the package is packed into, by whoever needs it first, for all test files of one run. */
    readonly packFolder: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'relayscope-packed-'));
  project.provide('packFolder', folder);
  return () => {
    rmSync(folder, { recursive: true });
  };
}
