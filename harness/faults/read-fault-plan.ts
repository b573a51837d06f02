import { open } from 'node:fs/promises';
import { RelayscopeError } from '../../src/errors.ts';
import type { FaultPlan } from './fault-plan.ts';
import { MAX_PLAN_BYTES, parseFaultPlan } from './parse-fault-plan.ts';

/** Reads a plan from a file. Throws FAULT_PLAN_UNREADABLE, and FAULT_PLAN_MALFORMED as `parseFaultPlan` does. */
export async function readFaultPlan(file: string): Promise<FaultPlan> {
  let text: string;
  try {
    const handle = await open(file, 'r');
    try {
      // One more than is allowed, so that a longer one is seen to be too long; a device without end is no plan either.
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_PLAN_BYTES + 1), 0, MAX_PLAN_BYTES + 1);
      text = buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('FAULT_PLAN_UNREADABLE', `Cannot read the plan ${file}: ${message}`, { cause });
  }
  return parseFaultPlan(text, file);
}
