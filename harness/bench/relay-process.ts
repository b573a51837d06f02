/** The relay under measurement, alone in its process: `relay-process VARIANT PORT` relays to that port on loopback. */
import { connect, createServer, type AddressInfo } from 'node:net';
import { isVariant, joinerOf } from './relay-variant.ts';

const [, , variant, port] = process.argv;
if (!isVariant(variant)) throw new Error(`Unknown variant: ${variant}`);
const join = joinerOf(variant);

const server = createServer({ allowHalfOpen: true }, (inbound) => {
  join(inbound, connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true }));
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});

// Whatever comes is a question for the CPU time so far: all threads, user and system.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system });
});
process.on('disconnect', () => {
  process.exit();
});
