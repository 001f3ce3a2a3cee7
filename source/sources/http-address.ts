import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { buildConnector } from 'undici';
import { UserError } from '../errors.ts';

/** What `dns.lookup` looks like with `all: true`; tests bring their own. */
export type LookupAll = (
  hostname: string,
  options: { all: true; family?: number; hints?: number },
  callback: (
    error: NodeJS.ErrnoException | null,
    addresses: readonly { address: string; family: number }[],
  ) => void,
) => void;

/**
 * True for every address that is not on the public internet: loopback,
 * private, link-local (cloud metadata lives there), unique-local, carrier
 * NAT, multicast, reserved. IPv6 forms that carry an IPv4 address (mapped,
 * NAT64) are judged by the address they carry; other transition forms (6to4,
 * Teredo, the retired `::a.b.c.d`) are refused, as is what cannot be read.
 */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6) {
    const bytes = parsed.toByteArray();
    if (parsed.range() === 'rfc6052') return isPrivateAddress(bytes.slice(12).join('.'));
    if (bytes.slice(0, 12).every((byte) => byte === 0)) return true;
  }
  return parsed.range() !== 'unicast';
}

/** The refusal of an address that a configuration did not allow. */
export function privateAddressError(host: string, address: string): UserError {
  const which = host === address ? host : `${host} (${address})`;
  return new UserError('private-address', `${which} is a private or local address, which is not allowed`, {
    fix: 'If this address on your own network is meant, set http.allowPrivate to true, or SIGNAL_HARVESTER_HTTP__ALLOW_PRIVATE=true in the environment',
  });
}

/**
 * A `lookup` that passes on allowed addresses only. The addresses it returns
 * are those the socket then connects to, so a name that answers differently a
 * moment later (DNS rebinding) gains nothing.
 */
export function guardLookup(
  isAllowed: (address: string) => boolean,
  lookup: LookupAll = systemLookup as LookupAll,
): LookupFunction {
  return (hostname, options, callback) => {
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
    lookup(hostname, { all: true, family, hints: options.hints ?? 0 }, (error, addresses) => {
      if (error) return callback(error, []);
      const allowed = addresses.filter((entry) => isAllowed(entry.address));
      const [first] = allowed;
      if (!first) return callback(privateAddressError(hostname, addresses[0]?.address ?? 'no address'), []);
      if (options.all) callback(null, [...allowed]);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Wraps undici's connector: literal addresses are judged before a packet is
 * sent, names while they are resolved, and the peer once more when connected.
 */
export function refusePrivate(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && isPrivateAddress(host)) return callback(privateAddressError(host, host), null);
    connect(options, (...outcome) => {
      const [error, socket] = outcome;
      if (error) return callback(error, null);
      const peer = socket.remoteAddress;
      if (peer !== undefined && !isPrivateAddress(peer)) return callback(null, socket);
      socket.destroy();
      callback(privateAddressError(host, peer ?? 'an unknown address'), null);
    });
  };
}
