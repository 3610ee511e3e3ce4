import ipaddr from 'ipaddr.js';
import { BadInput } from '../errors.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = readonly [Address, number];

/** Decides which addresses messages may be sent to. */
export interface AddressGuard {
  /** Why the address may not be reached; undefined: it may. */
  refusal(address: string): string | undefined;
}

/**
 * Public addresses only, besides the networks that the configuration allows. Everything that ipaddr.js does not
 * call `unicast` is refused: private, loopback, link-local (cloud metadata), shared, multicast, reserved, and the
 * forms in which IPv6 carries an IPv4 address. `option` is the one that people change to allow more.
 */
export function addressGuard(
  allowedNetworks: readonly string[],
  option = 'alerts.allowPrivateNetworks',
): AddressGuard {
  const allowed = allowedNetworks.map((network) => parseNetwork(network, option));
  return {
    refusal(text) {
      const address = parseAddress(text);
      if (address === undefined) return `"${text}" is not an address`;
      if (allowed.some((network) => contains(network, address))) return undefined;
      const range = isCompatible(address) ? 'ipv4Compatible' : address.range();
      if (range === 'unicast') return undefined;
      const also = range === 'loopback' ? ' (this is needed on the machine Lemni runs on, too)' : '';
      return `${address.toString()} is not a public address (${range}): list its network in ${option} to allow it${also}`;
    },
  };
}

function parseNetwork(text: string, option: string): Network {
  try {
    const [address, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : single(text);
    return [address, bits];
  } catch (error) {
    throw new BadInput(
      'bad_request',
      `${option}: "${text}" is not a network; write for example 10.1.0.0/16 or ::1/128.`,
      { cause: error },
    );
  }
}

function single(text: string): Network {
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  // `process` turns ::ffff:127.0.0.1 into 127.0.0.1.
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}

/** `::a.b.c.d`, the first form in which IPv6 carried an IPv4 address (RFC 4291, 2.5.5.1): ipaddr.js has no word for it. */
function isCompatible(address: Address): boolean {
  return 'parts' in address && address.parts.slice(0, 6).every((part) => part === 0) && !isAlone(address);
}

/** `::` and `::1` are known by names of their own. */
function isAlone({ parts }: ipaddr.IPv6): boolean {
  return parts[6] === 0 && (parts[7] ?? 0) <= 1;
}

function contains([network, bits]: Network, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}
