import fc from 'fast-check';
import { buildConnector } from 'undici';
import { describe, expect, test } from 'vitest';
import {
  guardLookup,
  isPrivateAddress,
  type LookupAll,
  refusePrivate,
} from '../../source/sources/http-address.ts';
import { leapingClock, never, serve, serveBody, testClient } from './loopback.ts';

const get = { signal: never };
const refusal = { code: 'private-address', fix: expect.stringContaining('http.allowPrivate') };

/** A resolver that answers every name with the given addresses. */
function resolvesTo(...addresses: string[]): LookupAll {
  return (_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}

describe('addresses that are not public', () => {
  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '192.0.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    'not an address',
    '',
  ])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ])('%s is public', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });

  test('an IPv4 address is judged the same however IPv6 wraps it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPrivateAddress(`::ffff:${address}`)).toBe(isPrivateAddress(address));
      }),
    );
  });
});

describe('a client that may not reach private addresses', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', 'localhost'],
    ['decimal', '2130706433'],
    ['octal', '0177.0.0.1'],
    ['hexadecimal', '0x7f000001'],
    ['short', '127.1'],
    ['IPv6', '[::1]'],
    ['mapped IPv6', '[::ffff:127.0.0.1]'],
    ['unspecified', '0.0.0.0'],
  ])('is refused a loopback server written as %s, and sends nothing', async (_name, host) => {
    const { url, requests } = await serveBody('secret');
    const { port } = new URL(url);
    await expect(
      testClient({ allowPrivate: false }).get(`http://${host}:${port}/`, get),
    ).rejects.toMatchObject(refusal);
    expect(requests).toHaveLength(0);
  });

  test.each(['http://169.254.169.254/latest/meta-data/', 'https://10.0.0.1/', 'http://[fd00:ec2::254]/'])(
    'is refused %s',
    async (address) => {
      await expect(testClient({ allowPrivate: false }).get(address, get)).rejects.toMatchObject(refusal);
    },
  );

  test('is refused a name that resolves to a private address, over TLS too', async () => {
    const client = testClient({ allowPrivate: false }, leapingClock(), {
      lookup: resolvesTo('127.0.0.1', '::1'),
    });
    await expect(client.get('http://innocent.example/', get)).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('innocent.example (127.0.0.1)'),
    });
    await expect(client.get('https://innocent.example/', get)).rejects.toMatchObject(refusal);
  });

  test('is refused a redirect that leads inside', async () => {
    const inside = await serveBody('secret');
    const outside = await serve((_request, response) =>
      response.writeHead(302, { location: inside.url }).end(),
    );
    const { port } = new URL(outside.url);
    // The first name passes for public, as a server on the internet would; the literal it points at must not.
    const client = testClient({ allowPrivate: false }, leapingClock(), { lookup: resolvesTo('127.0.0.1') });
    await expect(client.get(`http://public.example:${port}/`, get)).rejects.toMatchObject(refusal);
    expect(inside.requests).toHaveLength(0);
  });

  test('is cut off when the peer turns out to be private after all', async () => {
    const { url } = await serveBody('secret');
    // A connector that resolves names by itself, past the guarded lookup.
    const careless = buildConnector({
      lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const error = await new Promise((resolve) => {
      const { port } = new URL(url);
      const options = { hostname: 'public.example', host: 'public.example', protocol: 'http:', port };
      refusePrivate(careless)(options, (...outcome) => resolve(outcome[0]));
    });
    expect(error).toMatchObject({
      ...refusal,
      message: expect.stringContaining('public.example (127.0.0.1)'),
    });
  });

  test('a resolver that mixes addresses hands on the public ones only', async () => {
    const lookup = guardLookup(
      (address) => !isPrivateAddress(address),
      resolvesTo('10.0.0.1', '8.8.8.8', '::1'),
    );
    const addresses = await new Promise((resolve, reject) => {
      lookup('mixed.example', { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
    });
    expect(addresses).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });

  test('a name is resolved once for each connection, so a second answer gains nothing', async () => {
    let lookups = 0;
    const flipping: LookupAll = (host, options, callback) => {
      lookups += 1;
      resolvesTo(lookups === 1 ? '8.8.8.8' : '127.0.0.1')(host, options, callback);
    };
    const lookup = guardLookup((address) => !isPrivateAddress(address), flipping);
    const first = await new Promise((resolve) =>
      lookup('flip.example', {}, (_error, address) => resolve(address)),
    );
    expect(first).toBe('8.8.8.8');
    expect(lookups).toBe(1);
  });
});
