import type { Dice } from '../dice.js';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const MIXED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX = '0123456789abcdef';

/** What a secret store would answer: the forms of real credentials around random characters, put together here so that none stands in this text. */
export function fakeSecret(id: string, dice: Dice): string {
  if (id.endsWith('-db') || id.endsWith('warehouse')) return `${'postgres'}://app:${dice.text(MIXED, 20)}@${id.split('/').at(-1)}.kestrel.example:5432/main`;
  if (id.endsWith('object-store')) return `AWS_ACCESS_KEY_ID=${'AK' + 'IA'}${dice.text(UPPER, 16)}\nAWS_SECRET_ACCESS_KEY=${dice.text(MIXED, 40)}`;
  if (id.endsWith('deploy-token')) return `${'gh' + 'p_'}${dice.text(MIXED, 36)}`;
  if (id.endsWith('ticket-bot')) return `${'xo' + 'xb-'}${dice.text('0123456789', 12)}-${dice.text('0123456789', 12)}-${dice.text(MIXED, 24)}`;
  if (id.endsWith('payments-gateway')) return `${'sk_' + 'live_'}${dice.text(MIXED, 32)}`;
  if (id.endsWith('mail-relay')) return `${'S' + 'G.'}${dice.text(MIXED, 22)}.${dice.text(MIXED, 43)}`;
  return `password=${dice.text(MIXED, 24)}${dice.text(HEX, 8)}`;
}
