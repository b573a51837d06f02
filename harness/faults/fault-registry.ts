import type { FaultDefinition } from './fault-definition.ts';
import { POLL_FAULTS } from './poll/poll-faults.ts';
import { TRANSPORT_FAULTS } from './transport/transport-faults.ts';
import { WEB_SOCKET_FAULTS } from './websocket/web-socket-faults.ts';

/** Every fault there is, in the order in which `relayscope list faults` shows them. */
export const FAULTS: readonly FaultDefinition[] = [...POLL_FAULTS, ...WEB_SOCKET_FAULTS, ...TRANSPORT_FAULTS];

const byName = new Map(FAULTS.map((fault) => [fault.name, fault]));

export function findFault(name: string): FaultDefinition | undefined {
  return byName.get(name);
}
