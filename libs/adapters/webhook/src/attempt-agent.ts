import http from 'node:http';
import https from 'node:https';
import { RequestFilteringHttpsAgent, type RequestFilteringAgentOptions } from 'request-filtering-agent';

/**
 * An agent for one attempt; it keeps no connection, so that each goes to the addresses judged for it. For endpoints that the operator did not list it is
 * request-filtering-agent, which judges the looked-up address once more: a second net, written by others.
 */
export function createAttemptAgent(secure: boolean, listed: boolean, filter: RequestFilteringAgentOptions = {}): http.Agent {
  if (!secure) return new http.Agent({ keepAlive: false });
  return listed ? new https.Agent({ keepAlive: false }) : new RequestFilteringHttpsAgent({ keepAlive: false, ...filter });
}
