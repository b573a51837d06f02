import type { Detector } from '../detector.ts';
import { overReport } from './over-report.ts';

/** The detectors of this family, one file each. */
export const accountingDetectors: readonly Detector[] = [overReport];
