import { connect } from 'node:tls';
import type { Check } from './check.js';

const DAYS_MIN = 21;
const ANSWER_MS_MAX = 5_000;
export interface Endpoint { readonly name: string; readonly host: string; readonly port: number }

/** Whether the certificates of the public address and of servers reached over TLS last for some weeks. Whether they are trusted is told by the checks that use them. */
export async function certificates(publicUrl: string | undefined, endpoints: readonly Endpoint[]): Promise<Check[]> {
  const all = [...endpoints];
  if (publicUrl?.startsWith('https:') === true) {
    const { hostname, port } = new URL(publicUrl);
    all.unshift({ name: 'public address', host: hostname, port: Number(port === '' ? 443 : port) });
  }
  return Promise.all(all.map(async ({ name, host, port }): Promise<Check> => {
    const until = await validTo(host, port);
    if (typeof until === 'string') return { name: 'certificate', ok: false, found: `${name} (${host}:${port}) shows none: ${until}`, advice: 'look whether it listens there, and with TLS' };
    const days = Math.floor((until.getTime() - Date.now()) / 86_400_000);
    return { name: 'certificate', ok: days >= DAYS_MIN, found: `${name} (${host}:${port}): ${days < 0 ? `ended ${-days} days ago` : `${days} days left`}`, advice: 'renew it, and look why nobody has' };
  }));
}

function validTo(host: string, port: number): Promise<Date | string> {
  return new Promise((resolve) => {
    // Also one that is not trusted has an end.
    const socket = connect({ host, port, servername: /^[\d.]+$|:/.test(host) ? undefined : host, rejectUnauthorized: false, timeout: ANSWER_MS_MAX }, () => {
      const { valid_to: until } = socket.getPeerCertificate();
      socket.destroy();
      resolve(until === undefined ? 'it has no certificate' : new Date(until));
    });
    socket.once('timeout', () => { socket.destroy(); resolve(`no answer in ${ANSWER_MS_MAX / 1_000} s`); });
    socket.once('error', (error: NodeJS.ErrnoException) => { resolve(error.code ?? error.message); });
  });
}
