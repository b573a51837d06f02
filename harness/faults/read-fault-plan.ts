import { isUtf8 } from 'node:buffer';
import { open, type FileHandle } from 'node:fs/promises';
import { RelayscopeError } from '../../src/errors.ts';
import { FaultPlanError } from './fault-plan-error.ts';
import type { FaultPlan } from './fault-plan.ts';
import { MAX_PLAN_BYTES, parseFaultPlan } from './parse-fault-plan.ts';

/** Reads a plan from a file. Throws FAULT_PLAN_UNREADABLE, and FAULT_PLAN_MALFORMED as `parseFaultPlan` does. */
export async function readFaultPlan(file: string): Promise<FaultPlan> {
  let bytes: Buffer;
  try {
    const handle = await open(file, 'r');
    try {
      bytes = await readUpTo(handle, MAX_PLAN_BYTES + 1);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('FAULT_PLAN_UNREADABLE', `Cannot read the plan ${file}: ${message}`, { cause });
  }
  // One that is too long may have been cut within a character: that it is too long is said by whoever parses it.
  if (bytes.byteLength <= MAX_PLAN_BYTES && !isUtf8(bytes)) {
    throw new FaultPlanError({ path: '', expected: 'text in UTF-8', got: 'bytes that are not', file });
  }
  return parseFaultPlan(bytes.toString('utf8'), file);
}

/**
 * One more than is allowed, so that a longer one is seen to be too long; a device without end is no plan either. A pipe
 * gives what it has at the time: to stop at its first part would be to leave out faults, and to say nothing.
 */
async function readUpTo(handle: FileHandle, most: number): Promise<Buffer> {
  const buffer = Buffer.alloc(most);
  let length = 0;
  while (length < most) {
    const { bytesRead } = await handle.read(buffer, length, most - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
