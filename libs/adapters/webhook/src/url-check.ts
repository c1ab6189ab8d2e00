import { createDestinationPolicy } from './destination-policy.js';

/** What is wrong with the URL of a webhook by itself, or null; its addresses are judged at each connection. */
export function createUrlCheck(allow: readonly string[]): (url: string) => string | null {
  const policy = createDestinationPolicy(allow);
  return (url) => {
    const destination = policy.readUrl(url);
    return typeof destination === 'string' ? destination : null;
  };
}
