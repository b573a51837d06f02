const NAMES = new Map([
  [0, 'BSD loopback'],
  [1, 'Ethernet'],
  [12, 'raw IP'],
  [14, 'raw IP'],
  [101, 'raw IP'],
  [108, 'OpenBSD loopback'],
  [113, 'Linux cooked'],
  [228, 'IPv4'],
  [229, 'IPv6'],
  [276, 'Linux cooked 2'],
]);

/** A LINKTYPE_ number as a person knows it. */
export function linkTypeName(linkType: number): string {
  return NAMES.get(linkType) ?? `link type ${linkType}`;
}
