import type { RegisterName } from '@wary/model/registers.js';

export type ColumnKind = 'text' | 'list' | 'boolean' | readonly string[];
export type RegisterColumn = readonly [name: string, kind: ColumnKind];

/** What each register is for, and its columns with `id` first. A list of its own (the test compares it with the model): schemas are not needed in a browser. */
export const REGISTERS: { readonly [N in RegisterName]: { readonly text: string; readonly columns: readonly RegisterColumn[] } } = {
  canaries: { text: 'Honeytokens: touching one raises an alert at once.', columns: [['id', 'text'], ['kind', ['text', 'resource', 'tool', 'principal']], ['value', 'text'], ['note', 'text']] },
  purposes: { text: 'Which purposes data may be used for.', columns: [['id', 'text'], ['resource', 'text'], ['allowed', 'list'], ['denied', 'list'], ['legalBasis', 'text'], ['validUntil', 'text'], ['required', 'boolean'], ['note', 'text']] },
  assets: { text: 'What matters how much: raises the severity of its alerts.', columns: [['id', 'text'], ['type', 'text'], ['criticality', ['low', 'medium', 'high', 'critical']], ['owner', 'text'], ['labels', 'list'], ['note', 'text']] },
  people: { text: 'Who belongs where, answers for which keys, and is leaving.', columns: [['id', 'text'], ['type', ['user', 'service', 'key', 'agent', 'device']], ['name', 'text'], ['email', 'text'], ['group', 'text'], ['manager', 'text'], ['country', 'text'], ['timeZone', 'text'], ['roles', 'list'], ['aliases', 'list'], ['keys', 'list'], ['status', ['', 'joined', 'moved', 'notice', 'leaving', 'left']], ['effective', 'text'], ['note', 'text']] },
  holidays: { text: 'Days off, by country: work then is unusual.', columns: [['id', 'text'], ['date', 'text'], ['country', 'text'], ['name', 'text']] },
  egress: { text: 'Networks of ours, which travel does not count from.', columns: [['id', 'text'], ['kind', ['vpn', 'office', 'proxy', 'cloud', 'partner']], ['network', 'text'], ['country', 'text'], ['note', 'text']] },
  models: { text: 'Models in use, who answers for them, and their risk class.', columns: [['id', 'text'], ['provider', 'text'], ['version', 'text'], ['digest', 'text'], ['owner', 'text'], ['riskClass', ['', 'minimal', 'limited', 'high', 'prohibited']], ['approved', 'boolean'], ['purposes', 'list'], ['note', 'text']] },
};
export const REGISTER_LIST = Object.keys(REGISTERS) as RegisterName[];

export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join('; ') : String(value);
}

/** A cell of the form as the API takes it; an empty one is left out, so that the default holds. */
export function cellValue(kind: ColumnKind, text: string): unknown {
  if (kind === 'list') return text.split(';').map((item) => item.trim()).filter((item) => item !== '');
  if (kind === 'boolean') return text === 'true';
  return text.trim() === '' && !Array.isArray(kind) ? undefined : text.trim();
}
