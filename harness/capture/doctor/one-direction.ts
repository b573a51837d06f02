import { counted, thousands } from '../../report/format-number.ts';
import type { CaptureFacts, Detector } from './capture-facts.ts';
import { portsText } from './server-ports.ts';

/** A filter such as `dst port 8080` keeps half of each conversation. */
export const oneDirection: Detector = (facts) => {
  const { flows, onlyClient, onlyServer, uncapturedBytes } = facts;
  const count = onlyClient + onlyServer;
  if (count === 0) return null;
  const which =
    count === flows
      ? flows === 1
        ? 'The connection has'
        : `All ${thousands(flows)} connections have`
      : `${thousands(count)} of ${counted(flows, 'connection')} have`;
  const side = onlyServer === 0 ? 'what the client sent' : onlyClient === 0 ? 'what the server sent' : 'one direction';
  const message = `${which} only ${side}: ${counted(uncapturedBytes, 'byte')} of the other direction were acknowledged and are not here. ${reason(facts, count)}`;
  return { code: 'one-direction', message, count };
};

function reason(facts: CaptureFacts, count: number): string {
  const { onlyClient, onlyServer, flows, about } = facts;
  const given = about.interfaces.find(({ filter }) => filter !== undefined)?.filter;
  if (given !== undefined)
    return `The filter was "${given}"; the port alone, without src or dst, keeps both directions`;
  if (count < flows || (onlyClient > 0 && onlyServer > 0))
    return 'The other half takes another way, or another interface';
  const word = onlyServer === 0 ? 'dst' : 'src';
  return `A filter such as "${word} ${portsText(facts, ' or ')}" does that; the port alone keeps both directions`;
}
