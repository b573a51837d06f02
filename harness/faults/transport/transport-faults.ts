import type { TransportFault } from '../fault-definition.ts';
import { bandwidth } from './bandwidth.ts';
import { blackhole } from './blackhole.ts';
import { close } from './close.ts';
import { failFirst } from './fail-first.ts';
import { fin } from './fin.ts';
import { latency } from './latency.ts';
import { refuse } from './refuse.ts';
import { reset } from './reset.ts';
import { silent } from './silent.ts';
import { slice } from './slice.ts';
import { slowAccept } from './slow-accept.ts';
import { stall } from './stall.ts';
import { vanish } from './vanish.ts';

/** What can happen to a TCP connection. */
export const TRANSPORT_FAULTS: readonly TransportFault[] = [
  latency,
  bandwidth,
  slice,
  stall,
  blackhole,
  vanish,
  reset,
  fin,
  close,
  refuse,
  silent,
  slowAccept,
  failFirst,
];
