import { isIP } from 'node:net';

/** Whether what listens on this address is reached from this machine only. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare === '::1') return true;
  const mapped = bare.replace(/^::ffff:/, '');
  return isIP(mapped) === 4 && mapped.startsWith('127.');
}

/** Whether a Host header names this machine: a page elsewhere that renames itself to 127.0.0.1 does not. */
export function namesLoopback(hostHeader: string | undefined): boolean {
  if (hostHeader === undefined) return false;
  const host = hostHeader.startsWith('[')
    ? hostHeader.replace(/\]:\d+$/, ']')
    : hostHeader.replace(/:\d+$/, '');
  return isLoopback(host);
}
