import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from '@wary/testkit/self-signed-certificate.js';
import { describe, expect, it } from 'vitest';
import { createAttemptAgent } from './attempt-agent.js';

describe('the agent for endpoints that are not listed', () => {
  it('connects to what the look-up of the request answers, and refuses internal addresses by itself', async () => {
    const { key, cert } = selfSignedCertificate('hooks.example.com');
    let connections = 0;
    const server = https.createServer({ key, cert }, (request, response) => { response.end(`${request.headers.host} by ${(request.socket as { servername?: string }).servername}`); });
    server.on('connection', () => { connections += 1; });
    await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
    const { port } = server.address() as AddressInfo;
    const get = (agent: https.Agent): Promise<string> => new Promise((done, fail) => {
      https.request({ hostname: 'hooks.example.com', port, agent, ca: cert, lookup: (_host, options, callback) => { if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]); else callback(null, '127.0.0.1', 4); } }, (response) => {
        let text = '';
        response.on('data', (part) => { text += String(part); });
        response.on('end', () => { done(text); });
      }).on('error', fail).end();
    });
    // Only here the net is opened for the loopback, to see that a public endpoint would be reached this way.
    expect(await get(createAttemptAgent(true, false, { allowPrivateIPAddress: true }) as https.Agent)).toBe(`hooks.example.com:${port} by hooks.example.com`);
    expect(connections).toBe(1);
    await expect(get(createAttemptAgent(true, false) as https.Agent)).rejects.toThrow(/private IP address/);
    expect(connections).toBe(1);
    server.close();
  });
});
