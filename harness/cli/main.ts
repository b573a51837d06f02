#!/usr/bin/env node
import { tooOldNode } from './too-old-node.ts';

// An older Node cannot even load the rest, so that nothing of it is imported before.
const tooOld = tooOldNode(process.versions.node);
if (tooOld === null) {
  const { keepCompiled } = await import('./keep-compiled.ts');
  keepCompiled(process.env);
  // Only now, so that they are kept.
  const [{ runProcess }, { runCli }] = await Promise.all([import('../run-process.ts'), import('./run-cli.ts')]);
  await runProcess(runCli);
} else {
  process.stderr.write(`${tooOld}\n`);
  process.exitCode = 2;
}
