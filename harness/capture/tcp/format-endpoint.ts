/** `192.0.2.1:443`, `[2001:db8::1]:443` (RFC 5952). @param at of the address in `bytes`. */
export function formatEndpoint(bytes: Uint8Array, at: number, ipVersion: 4 | 6, port: number): string {
  if (ipVersion === 4) return `${[...bytes.subarray(at, at + 4)].join('.')}:${port}`;
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((bytes[at + index * 2] ?? 0) << 8) | (bytes[at + index * 2 + 1] ?? 0),
  );
  return `[${formatIpv6(groups)}]:${port}`;
}

/** The longest run of zeros, of two or more, becomes `::`. */
function formatIpv6(groups: readonly number[]): string {
  let [best, bestLength] = [-1, 1];
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > bestLength) [best, bestLength] = [start, length];
  }
  const hex = groups.map((group) => group.toString(16));
  if (best === -1) return hex.join(':');
  return `${hex.slice(0, best).join(':')}::${hex.slice(best + bestLength).join(':')}`;
}
