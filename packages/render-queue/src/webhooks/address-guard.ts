import { BlockList, isIP } from 'node:net';

/** Not globally reachable by the IANA registry of IPv4 special-purpose addresses (RFC 6890), multicast and reserved included. */
const closed4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Inside of 2000::/3, the only global unicast range: tunnels that lead to IPv4 addresses, documentation, ORCHID. */
const closed6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const closed = new BlockList();
for (const [net, bits] of closed4) closed.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of closed6) closed.addSubnet(net, bits, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** Decides which addresses webhooks may reach: the public internet, and what the operator adds. */
export class AddressGuard {
  readonly #allowed = new BlockList();

  /** @param allowed addresses or networks (`10.1.0.0/16`, `::1`) that may be reached although they are not public; throws on others */
  constructor(allowed: readonly string[] = []) {
    for (const entry of allowed) {
      const [address = '', bits] = entry.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#allowed.addAddress(address, family);
      else this.#allowed.addSubnet(address, Number(bits), family);
    }
  }

  /** Whether a request may go to this address. @param address IPv4 or IPv6, without brackets */
  admits(address: string): boolean {
    const version = isIP(address);
    if (version === 0) return false;
    const family = version === 6 ? 'ipv6' : 'ipv4';
    if (this.#allowed.check(address, family)) return true;
    if (version === 6 && !global6.check(address, 'ipv6')) return false;
    return !closed.check(address, family);
  }
}
