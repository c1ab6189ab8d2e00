import { createServer } from 'node:net';

/** Below the ports that systems hand out to clients (Linux 32768, IANA 49152): no outgoing connection takes one away between two starts of a server. */
const FIRST = 15_000;
const LAST = 32_000;

/** A port of the loopback address that nobody listens on right now. Test files run beside each other: each picks at random. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${LAST} in 100 tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => { resolve(false); });
    server.listen(port, '127.0.0.1', () => { server.close(() => { resolve(true); }); });
  });
}
