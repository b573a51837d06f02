import { BlockList, isIP } from 'node:net';

/** Ranges that are not the public internet: this machine, this network, and those that lead back into them. */
const SPECIAL_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
];
const SPECIAL_V6 = [
  // Unspecified, loopback, and IPv4-compatible ones.
  '::/96',
  // Addresses of IPv4 in the clothes of IPv6, which a gateway may unwrap. `::ffff:0:0/96` is not among them: BlockList
  // takes those for the IPv4 addresses that they are, and the range for all of IPv4.
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '::ffff:0:0:0/96',
  '100::/64',
  '2002::/16',
  '5f00::/16',
  '2001::/32',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const special = new BlockList();
for (const [ranges, family] of [
  [SPECIAL_V4, 'ipv4'],
  [SPECIAL_V6, 'ipv6'],
] as const) {
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    special.addSubnet(address, Number(bits), family);
  }
}

/** Whether an address, in either family, is outside the public internet; what is no address is. */
export function isSpecialAddress(address: string): boolean {
  const version = isIP(address);
  return version === 0 || special.check(address, version === 6 ? 'ipv6' : 'ipv4');
}
