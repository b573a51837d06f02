import type { Detector } from '../detector.ts';
import { falseEof } from './false-eof.ts';
import { osOverReport } from './os-over-report.ts';
import { overReport } from './over-report.ts';
import { readCursorRegression } from './read-cursor-regression.ts';
import { resumeOffsetLost } from './resume-offset-lost.ts';
import { takenAndReported } from './taken-and-reported.ts';
import { zeroCapacity } from './zero-capacity.ts';
import { zeroWrite } from './zero-write.ts';

/** The detectors of this family, one file each. */
export const accountingDetectors: readonly Detector[] = [
  overReport,
  osOverReport,
  takenAndReported,
  zeroWrite,
  readCursorRegression,
  zeroCapacity,
  falseEof,
  resumeOffsetLost,
];
