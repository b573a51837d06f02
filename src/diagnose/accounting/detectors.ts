import type { Detector } from '../detector.ts';
import { overReport } from './over-report.ts';
import { takenAndReported } from './taken-and-reported.ts';

/** The detectors of this family, one file each. */
export const accountingDetectors: readonly Detector[] = [overReport, takenAndReported];
