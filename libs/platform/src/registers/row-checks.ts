import { NetworkIndex } from '@wary/enrich/network-index.js';
import type { RegisterName, RegisterRow } from '@wary/model/registers.js';

export interface RowProblem { readonly path: string; readonly message: string }

const CANARY_TEXT_CHARS_MIN = 8;
const country = (path: string, text: string): RowProblem[] => (text === '' || /^[a-z]{2}$/i.test(text) ? [] : [{ path, message: 'must be a country of two letters (ISO 3166)' }]);

function day(path: string, text: string): RowProblem[] {
  // A day that no calendar has would roll over into the next month.
  const at = Date.parse(`${text}T00:00:00Z`);
  return text === '' || (!Number.isNaN(at) && new Date(at).toISOString().startsWith(text)) ? [] : [{ path, message: 'is no day of the calendar' }];
}

function timeZone(path: string, name: string): RowProblem[] {
  if (name === '') return [];
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return [];
  } catch {
    return [{ path, message: 'is no IANA time zone, such as Europe/Berlin' }];
  }
}

const CHECKS: { readonly [N in RegisterName]: (row: RegisterRow<N>) => RowProblem[] } = {
  canaries: ({ kind, value }) => (kind === 'text' && value.length < CANARY_TEXT_CHARS_MIN ? [{ path: 'value', message: `needs at least ${CANARY_TEXT_CHARS_MIN} characters: shorter text is found everywhere` }] : []),
  purposes: ({ allowed, denied, validUntil }) => [...day('validUntil', validUntil), ...allowed.filter((purpose) => denied.includes(purpose)).map((purpose) => ({ path: 'denied', message: `${purpose} is allowed too` }))],
  assets: () => [],
  people: (row) => [...country('country', row.country), ...timeZone('timeZone', row.timeZone), ...day('effective', row.effective)],
  holidays: (row) => [...country('country', row.country), ...day('date', row.date)],
  egress: (row) => [...country('country', row.country), ...(new NetworkIndex<true>().add(row.network, true) ? [] : [{ path: 'network', message: 'is neither an address nor a network (10.0.0.0/8) nor a host name' }])],
  models: () => [],
};

/** What a schema cannot say of a row. */
export const checkRow = <N extends RegisterName>(register: N, row: RegisterRow<N>): RowProblem[] => CHECKS[register](row);
