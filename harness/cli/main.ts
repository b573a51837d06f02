#!/usr/bin/env node
import { keepCompiled } from './keep-compiled.ts';

keepCompiled(process.env);
// Only now, so that they are kept.
const [{ runProcess }, { runCli }] = await Promise.all([import('../run-process.ts'), import('./run-cli.ts')]);
await runProcess(runCli);
