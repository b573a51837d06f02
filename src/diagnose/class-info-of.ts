import { accountingClasses } from './accounting/classes.ts';
import { backPressureClasses } from './back-pressure/classes.ts';
import type { ClassInfo, ClassInfos } from './class-info.ts';
import type { FindingClass } from './finding-class.ts';
import { flushAndShutdownClasses } from './flush-and-shutdown/classes.ts';
import { livelockClasses } from './livelock/classes.ts';
import { lossClasses } from './loss/classes.ts';
import { terminationClasses } from './termination/classes.ts';
import { wakeUpsClasses } from './wake-ups/classes.ts';

const INFOS: ClassInfos<FindingClass> = {
  ...accountingClasses,
  ...wakeUpsClasses,
  ...livelockClasses,
  ...flushAndShutdownClasses,
  ...terminationClasses,
  ...backPressureClasses,
  ...lossClasses,
};

/** What is always the same of a class: what it is, where to look, where it was seen. */
export function classInfoOf(name: FindingClass): ClassInfo {
  return INFOS[name];
}
