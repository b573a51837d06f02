#!/usr/bin/env node
import { runProcess } from '../run-process.ts';
import { runCli } from './run-cli.ts';

await runProcess(runCli);
