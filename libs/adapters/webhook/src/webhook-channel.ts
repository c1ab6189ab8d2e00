import { lookup as dnsLookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { WebhookChannel, WebhookOutcome, WebhookRequest } from '@wary/ports/channel.port.js';
import { createAttemptAgent } from './attempt-agent.js';
import { createDestinationPolicy, PUBLIC_PORTS, type Destination } from './destination-policy.js';
import { readAnswer } from './read-answer.js';

export interface ResolvedAddress { readonly address: string; readonly family: number }
export interface WebhookChannelOptions {
  /** WARY_WEBHOOK_ALLOW. */
  readonly allow: readonly string[];
  /** All addresses of a host. */
  readonly resolve?: (host: string) => Promise<ResolvedAddress[]>;
  /** Certificate authorities besides the usual ones (PEM). */
  readonly ca?: string;
  /** Ports of public endpoints. */
  readonly publicPorts?: readonly number[];
}

const systemResolve = (host: string): Promise<ResolvedAddress[]> =>
  new Promise((done, fail) => { dnsLookup(host, { all: true, verbatim: true }, (error, found) => { if (error === null) done(found); else fail(error); }); });

class Refused extends Error {
  constructor(readonly code: 'blocked_address' | 'bad_url', message: string) { super(message); }
}

/**
 * Sends one webhook. The host is resolved here, every address of it is judged, and the connection goes to the judged addresses and nowhere
 * else: a second look-up that answers differently (rebinding) never happens. Redirects are not followed. request-filtering-agent is the second net
 * for everything that the operator did not list. Never throws: every end is an outcome.
 */
export function createWebhookChannel({ allow, resolve = systemResolve, ca, publicPorts = PUBLIC_PORTS }: WebhookChannelOptions): WebhookChannel {
  const policy = createDestinationPolicy(allow, publicPorts);

  async function judge(text: string): Promise<{ destination: Destination; addresses: ResolvedAddress[]; listed: boolean }> {
    const destination = policy.readUrl(text);
    if (typeof destination === 'string') throw new Refused('bad_url', `the URL ${destination}`);
    const { host } = destination;
    const family = isIP(host);
    const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
    if (addresses.length === 0) throw new Error(`${host} has no address`);
    // One bad address refuses them all: a name that mixes public and internal ones is an attack or a mistake.
    for (const { address } of addresses) if (!policy.mayConnect(destination, address)) throw new Refused('blocked_address', `${host} leads to ${address}, which webhooks may not reach`);
    return { destination, addresses, listed: addresses.every(({ address }) => policy.isListed(destination, address)) };
  }

  return {
    async send(request) {
      const started = performance.now();
      const deadline = AbortSignal.timeout(request.timeoutMs);
      const spent = (): number => Math.round(performance.now() - started);
      const failed = (code: 'blocked_address' | 'timeout' | 'connection' | 'bad_url', message: string): WebhookOutcome => ({ kind: 'failed', code, message, durationMs: spent() });
      try {
        const { destination, addresses, listed } = await withDeadline(judge(request.url), deadline);
        const answer = await post(request, destination, addresses, listed, deadline, ca);
        return { kind: 'answered', ...answer, durationMs: spent() };
      } catch (error) {
        if (error instanceof Refused) return failed(error.code, error.message);
        if (deadline.aborted) return failed('timeout', `no answer within ${request.timeoutMs / 1000} s`);
        return failed('connection', messageOf(error));
      }
    },
  };
}

function post(request: WebhookRequest, { url, host }: Destination, addresses: readonly ResolvedAddress[], listed: boolean, deadline: AbortSignal, ca: string | undefined): ReturnType<typeof readAnswer> {
  return new Promise((done, fail) => {
    const body = Buffer.from(request.body);
    const secure = url.protocol === 'https:';
    const agent = createAttemptAgent(secure, listed);
    const outgoing = (secure ? https : http).request({
      method: 'POST', protocol: url.protocol, hostname: host, port: url.port === '' ? undefined : url.port, path: `${url.pathname}${url.search}`, agent, lookup: answerWith(addresses), signal: deadline,
      headers: { ...request.headers, host: url.host, 'content-length': String(body.length), connection: 'close' },
      maxHeaderSize: 16_384, ...(ca === undefined ? {} : { ca }),
    });
    let answered = false;
    outgoing.on('response', (response) => {
      answered = true;
      void readAnswer(response, deadline).then((answer) => { outgoing.destroy(); done(answer); }, fail);
    });
    // After the status is there, a broken connection takes nothing back.
    outgoing.on('error', (error) => { if (!answered) fail(error); });
    outgoing.end(body);
  });
}

/** A look-up that knows only the judged addresses. */
const answerWith = (addresses: readonly ResolvedAddress[]): LookupFunction => (_host, options, callback) => {
  if (options.all === true) callback(null, addresses.map(({ address, family }) => ({ address, family })));
  else callback(null, addresses[0]!.address, addresses[0]!.family);
};

function withDeadline<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    deadline.addEventListener('abort', () => { fail(new Error('timeout')); }, { once: true });
    work.then(done, fail);
  });
}

/** Causes name the address only where the operator set it; OpenSSL's and the resolver's codes help most. */
function messageOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code === undefined || message?.includes(code) === true ? (message ?? 'the connection failed') : `${code} ${message ?? ''}`.trim();
}
