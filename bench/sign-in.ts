/** What the time of a refused sign-in tells: an unknown person against a wrong password, in turn, p50 of each and their gap. */
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { quantile, serve, startServed } from './support/served.js';

const SELF = fileURLToPath(import.meta.url);
const PAIRS = Number(process.argv[3] ?? 400);
/** An account has five tries. */
const TRIES_EACH = 4;

if (process.argv[2] === 'serve') await serve({ WARY_TRUST_PROXY: 'true' });
else {
  const served = await startServed(SELF);
  const login = async (email: string, ip: string): Promise<number> => {
    const start = performance.now();
    const answer = await fetch(`${served.url}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': ip }, body: JSON.stringify({ email, password: 'wrong' }) });
    await answer.arrayBuffer();
    if (answer.status !== 401) throw new Error(`${answer.status}`);
    return performance.now() - start;
  };
  const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  const gaps: number[] = [];
  let email = '';
  for (let i = 0; i < PAIRS; i += 1) {
    if (i % TRIES_EACH === 0) {
      email = `known${i}@wary.test`;
      const made = await served.call('POST', '/v1/users', { email, role: 'viewer', password: 'a long enough secret' });
      if (made.status !== 201) throw new Error(`${made.status} ${await made.text()}`);
    }
    const pair: Array<'known' | 'unknown'> = i % 2 === 0 ? ['known', 'unknown'] : ['unknown', 'known'];
    for (const kind of pair) took[kind].push(await login(kind === 'known' ? email : `unknown${Math.floor(i / TRIES_EACH)}@wary.test`, `10.${kind === 'known' ? 1 : 2}.${i >> 8}.${i & 255}`));
    gaps.push(took.known.at(-1)! - took.unknown.at(-1)!);
  }
  await served.stop();
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}; ${PAIRS} of each kind in turn, over HTTP\n`);
  for (const [kind, times] of Object.entries(took)) console.log(`${kind === 'known' ? 'wrong password ' : 'unknown person '}  p10 ${quantile(times, 0.1).toFixed(2)}  p50 ${quantile(times, 0.5).toFixed(2)}  p90 ${quantile(times, 0.9).toFixed(2)} ms`);
  console.log(`median of the differences of neighbours ${quantile(gaps, 0.5).toFixed(2)} ms`);
  console.log(`gap at p50: ${Math.abs(quantile(took.known, 0.5) - quantile(took.unknown, 0.5)).toFixed(2)} ms`);
}
