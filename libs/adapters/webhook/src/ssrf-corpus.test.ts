import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookChannel, type ResolvedAddress } from './webhook-channel.js';

/**
 * Every way to name an internal address that the literature knows: the listeners stand for what must not be reached, and count.
 * The port counts as a public one, so that nothing is refused for its port alone.
 */
let listeners: Server[] = [];
let port = 0;
let connections = 0;

function listen(host: string, at: number): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => { connections += 1; socket.destroy(); });
    server.on('error', fail);
    server.listen(at, host, () => { listeners.push(server); done((server.address() as { port: number }).port); });
  });
}
beforeAll(async () => {
  port = await listen('0.0.0.0', 0);
  // A machine without IPv6 has nothing to protect there.
  await listen('::', port).catch(() => undefined);
});
afterAll(() => { for (const server of listeners) server.close(); listeners = []; });
beforeEach(() => { connections = 0; });

const LITERALS = [
  // loopback and this host, in every spelling that a URL parser knows
  '127.0.0.1', '127.0.0.2', '127.255.255.254', '127.1', '127.0.1', '0', '0.0.0.0', '0x7f.0.0.1', '0x7f000001', '0X7F000001', '2130706433', '017700000001', '0177.0.0.1', '0177.0x0.1', '00000177.0.0.1',
  '127.0.0.1.', '0x7f.1', '0x7f.0x000001', '10.0x1', '0.0.0.1', '%31%32%37.0.0.1', '①②⑦.⓪.⓪.①', '127。0。0。1', '127．0．0．1', '127｡0｡0｡1', 'localhost', 'LOCALHOST', 'localhost.', 'ｌｏｃａｌｈｏｓｔ',
  // private, shared, link-local, metadata of the clouds
  '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255', '100.64.0.1', '100.127.255.255', '169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '169.254.170.2',
  '100.100.100.200', '192.0.0.192', '168.430.90.5', '0xa.0x0.0x0.0x1', '012.0.0.1',
  // documentation, benchmark, relay, multicast, reserved, broadcast
  '192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '198.19.255.255', '192.88.99.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255',
  // IPv6: loopback, unspecified, mapped, compatible, translated, tunnels, local, multicast, documentation
  '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::ffff:0:127.0.0.1]', '[::127.0.0.1]', '[::7f00:1]', '[::ffff:169.254.169.254]', '[::ffff:10.0.0.1]', '[::ffff:a9fe:a9fe]',
  '[64:ff9b::7f00:1]', '[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2002:a9fe:a9fe::]', '[2002:c0a8:1::1]', '[2001:0:7f00:1::]', '[2001::1]', '[fe80::1]', '[febf::1]', '[fec0::1]', '[fc00::1]', '[fd00:ec2::254]', '[fdff::1]',
  '[ff02::1]', '[2001:db8::1]', '[3fff::1]', '[100::1]', '[5f00::1]',
];

const NAMES: ReadonlyArray<readonly [string, string[]]> = [
  ['a name of loopback', ['127.0.0.1']], ['a name of ::1', ['::1']], ['a name of the metadata service', ['169.254.169.254']], ['a name of a private address', ['192.168.1.10']], ['a name of a mapped address', ['::ffff:127.0.0.1']],
  ['a name of NAT64', ['64:ff9b::7f00:1']], ['a name of 6to4', ['2002:7f00:1::']], ['public first, then internal', ['93.184.216.34', '127.0.0.1']], ['internal first, then public', ['127.0.0.1', '93.184.216.34']], ['public IPv6 with internal IPv4', ['2606:2800:220:1::1', '10.0.0.1']],
  ['no address at all', []], ['what is no address', ['not-an-address']],
];

const SHAPES = [
  'http://127.0.0.1:PORT/', 'http://example.com:PORT/', 'https://user@127.0.0.1:PORT/', 'https://user:pass@example.com:PORT/', 'https://example.com@127.0.0.1:PORT/', 'https://127.0.0.1:PORT#@example.com/', 'https://example.com:PORT#frag',
  'https:127.0.0.1:PORT/', 'https:/127.0.0.1:PORT/', 'https:\\\\127.0.0.1:PORT/', 'https://127.0.0.1\\@example.com:PORT/', 'https://[::1%25lo]:PORT/', 'HTTPS://127.0.0.1:PORT/', '//127.0.0.1:PORT/', 'ftp://127.0.0.1:PORT/', 'file:///etc/passwd', 'gopher://127.0.0.1:PORT/_x',
  'https://127.0.0.1:22/', 'https://127.0.0.1:0/', 'https://127.0.0.1:99999/', 'https://\u0000127.0.0.1:PORT/', ' https://127.0.0.1:PORT/', 'https://127.0.0.1:PORT\r\nHost: x/', 'data:text/plain,x', 'javascript:alert(1)', '', `https://${'a'.repeat(3_000)}.example/`,
];

const isRefusal = (outcome: { kind: string; code?: string }): boolean => outcome.kind === 'failed' && (outcome.code === 'blocked_address' || outcome.code === 'bad_url');

describe('where a webhook may not go', () => {
  const send = (url: string, resolve?: (host: string) => Promise<ResolvedAddress[]>) =>
    createWebhookChannel({ allow: [], publicPorts: [port], ...(resolve === undefined ? {} : { resolve }) }).send({ url, headers: {}, body: '{}', timeoutMs: 2_000 });

  it('the listeners do count: an allowed address is reached', async () => {
    const outcome = await createWebhookChannel({ allow: [`127.0.0.1:${port}`] }).send({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '{}', timeoutMs: 2_000 });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'connection' });
    expect(connections).toBe(1);
  });

  it('the corpus is as large as it says', () => {
    expect(new Set(LITERALS).size).toBe(LITERALS.length);
    expect(LITERALS.length + NAMES.length + SHAPES.length).toBeGreaterThanOrEqual(120);
  });

  it.each(LITERALS)('https://%s', async (host) => {
    const outcome = await send(`https://${host}:${port}/hook`, async (name) => (name === 'localhost' ? [{ address: '127.0.0.1', family: 4 }] : []));
    // A spelling that the parser takes for a name has no address here; it reaches nothing either.
    expect(isRefusal(outcome) || (outcome.kind === 'failed' && outcome.message.endsWith('has no address'))).toBe(true);
    expect(connections).toBe(0);
  });

  it.each(NAMES)('%s', async (_name, addresses) => {
    const outcome = await send(`https://hooks.example.com:${port}/`, async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
    expect(outcome).toMatchObject(addresses.length === 0 ? { kind: 'failed', code: 'connection' } : { kind: 'failed', code: 'blocked_address' });
    expect(connections).toBe(0);
  });

  it.each(SHAPES)('%j', async (shape) => {
    const outcome = await send(shape.replace('PORT', String(port)), async () => [{ address: '127.0.0.1', family: 4 }]);
    expect(isRefusal(outcome)).toBe(true);
    expect(connections).toBe(0);
  });

  it('the system\'s own resolver is judged too', async () => {
    expect(await send(`https://localhost:${port}/`)).toMatchObject({ kind: 'failed', code: 'blocked_address' });
    expect(connections).toBe(0);
  });
});
