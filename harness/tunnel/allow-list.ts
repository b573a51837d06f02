import { BlockList, isIP } from 'node:net';
import { isSpecialAddress } from './special-addresses.ts';
import { TunnelError } from './tunnel-error.ts';

/** What a tunnel server dials unless it is told otherwise. */
export const DEFAULT_ALLOW: readonly string[] = ['localhost'];

/** So many rules are a mistake, and each connection walks all of them. */
const MAX_RULES = 1000;

type Hosts =
  | { readonly kind: 'any' }
  | { readonly kind: 'addresses'; readonly list: BlockList }
  /** `suffix`: the name ends with this; else it is this. */
  | { readonly kind: 'name'; readonly name: string; readonly suffix: boolean };

interface Rule {
  readonly hosts: Hosts;
  /** null: any port. */
  readonly port: number | null;
}

/**
 * The destinations that may be dialled. A rule is a host, then `:port` or nothing for any port; the host is one of
 * - `*`: everything, with no exception;
 * - an address or a range: `10.1.2.3`, `10.0.0.0/8`, `[fd00::/8]:443`;
 * - `localhost`: 127.0.0.0/8 and ::1;
 * - a name, `example.com`, or all names below one, `*.example.com`. A name stands for the public addresses that it
 *   resolves to; a private one needs a rule of its own, for who runs a name's DNS must not choose an inner machine.
 */
export class AllowList {
  readonly #rules: readonly Rule[];

  /** Throws TUNNEL_OPTION_INVALID. */
  constructor(rules: readonly string[] = DEFAULT_ALLOW) {
    if (rules.length > MAX_RULES) throw invalid(`at most ${MAX_RULES} rules`, String(rules.length));
    this.#rules = rules.map(parseRule);
  }

  /** Whether `address`, which `host` resolved to, may be dialled at `port`. */
  allows(host: string, address: string, port: number): boolean {
    const name = host.toLowerCase().replace(/\.$/, '');
    return this.#rules.some((rule) => (rule.port === null || rule.port === port) && matches(rule.hosts, name, address));
  }
}

function matches(hosts: Hosts, name: string, address: string): boolean {
  switch (hosts.kind) {
    case 'any':
      return true;
    case 'addresses':
      return hosts.list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
    case 'name':
      return (hosts.suffix ? name.endsWith(hosts.name) : name === hosts.name) && !isSpecialAddress(address);
  }
}

function parseRule(text: string): Rule {
  // [v6 or range]:port · v6 or range · host:port
  const match =
    /^\[([^\]]*)\](?::(.*))?$/.exec(text) ?? /^([^:]*:[^:]*:.*)$/.exec(text) ?? /^([^:]*)(?::(.*))?$/.exec(text);
  const [host, port] = [match?.[1] ?? '', match?.[2]];
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535)) {
    throw invalid('a port from 1 to 65535', text);
  }
  return { hosts: parseHosts(host, text), port: port === undefined ? null : Number(port) };
}

function parseHosts(host: string, text: string): Hosts {
  if (host === '*') return { kind: 'any' };
  const list = new BlockList();
  if (host.toLowerCase() === 'localhost') {
    list.addSubnet('127.0.0.0', 8, 'ipv4');
    list.addAddress('::1', 'ipv6');
    return { kind: 'addresses', list };
  }
  const [address = '', bits, ...rest] = host.split('/');
  const version = isIP(address);
  if (version !== 0 && !address.includes('%') && rest.length === 0) {
    const most = version === 6 ? 128 : 32;
    if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)) {
      throw invalid(`a prefix length from 0 to ${most}`, text);
    }
    list.addSubnet(address, Number(bits ?? most), version === 6 ? 'ipv6' : 'ipv4');
    return { kind: 'addresses', list };
  }
  const suffix = host.startsWith('*.');
  const name = host.toLowerCase().slice(suffix ? 1 : 0);
  if (!/^\.?[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_])?$/.test(name) || /^[\d.]*$/.test(name)) {
    throw invalid('a name, an address, a range or *', text);
  }
  return { kind: 'name', name, suffix };
}

function invalid(expected: string, got: string): TunnelError {
  return new TunnelError('TUNNEL_OPTION_INVALID', `Wrong allowed destination: expected ${expected}, got "${got}"`);
}
