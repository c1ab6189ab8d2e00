import { WaryError } from '@wary/model/errors.js';
import { REGISTER_NAMES, type RegisterName, type RegisterRow } from '@wary/model/registers.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCell, writeCell } from '../http/csv-cell.js';
import { formatRegister, parseRegisterCsv, parseRegisterJson, type RowError } from './register-file.js';

const errorsOf = async (work: Promise<unknown>): Promise<RowError[]> => {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof WaryError && error.code === 'validation_failed') return error.details['errors'] as RowError[];
    throw error;
  }
};

describe('a register file', () => {
  it('takes a spreadsheet\'s CSV: byte order mark, CRLF, quotes, lists, empty cells, columns in any order', async () => {
    const csv = '\uFEFFstatus,id,roles,aliases,name,timeZone\r\nleaving,alice,admin; analyst,"[""a;b"",""c""]","Alice ""A."" Smith",Europe/Berlin\r\n\r\n,bob,,,,\r\n';
    expect(await parseRegisterCsv('people', csv)).toMatchObject([
      { id: 'alice', status: 'leaving', roles: ['admin', 'analyst'], aliases: ['a;b', 'c'], name: 'Alice "A." Smith', timeZone: 'Europe/Berlin', type: 'user' }, { id: 'bob', status: '', roles: [], name: '' },
    ]);
  });

  it('names every wrong row by its line, and takes none', async () => {
    const csv = 'id,network,kind,country\nvpn1,10.0.0.0/8,vpn,DE\nvpn2,10.0.0.0/33,vpn,Germany\nvpn1,10.1.0.0/16,office,\n,10.2.0.0/16,office,\nvpn3,"10.3.0.0/16",teapot,,extra\n';
    expect(await errorsOf(parseRegisterCsv('egress', csv))).toMatchObject([
      { line: 3, path: 'country' }, { line: 4, path: 'id', message: 'is already in line 2' }, { line: 5, path: 'id' }, { line: 6, path: 'kind' }, { line: 6, path: '' },
    ]);
  });

  it.each([
    ['canaries', { id: 'c', kind: 'text', value: 'short' }, 'value'], ['purposes', { id: 'p', resource: 'x', allowed: ['a'], denied: ['a'] }, 'denied'], ['purposes', { id: 'p', resource: 'x', validUntil: '2026-02-30' }, 'validUntil'],
    ['people', { id: 'a', timeZone: 'Mars/Olympus' }, 'timeZone'], ['people', { id: 'a', country: '49' }, 'country'], ['people', { id: 'a', effective: '2026-13-01' }, 'effective'], ['people', { id: 'a', admin: true }, ''], ['people', { id: 'a', status: 'fired' }, 'status'],
    ['holidays', { id: 'h', date: '2025-02-29' }, 'date'], ['egress', { id: 'e', kind: 'vpn', network: '10.0.0.0/8/8' }, 'network'], ['models', { id: 'm', riskClass: 'huge' }, 'riskClass'], ['assets', { id: 'a', criticality: 5 }, 'criticality'], ['assets', null, ''], ['assets', 'x', ''],
  ] as const)('%s refuses %j', async (register, row, path) => {
    expect(await errorsOf(parseRegisterJson(register, [row]))).toMatchObject([{ line: 1, path }]);
  });

  it('wants known columns once, and a head', async () => {
    expect(await errorsOf(parseRegisterCsv('assets', 'id,colour,id\na,red,b\n'))).toMatchObject([{ line: 1, path: 'colour' }, { line: 1, path: 'id', message: 'is there twice' }]);
    expect(await errorsOf(parseRegisterCsv('assets', ''))).toMatchObject([{ line: 1 }]);
    expect(await errorsOf(parseRegisterCsv('assets', 'id,note\na,"never closed\nb,c\n'))).toMatchObject([{ path: '' }]);
    expect(await errorsOf(parseRegisterJson('assets', { rows: [] }))).toMatchObject([{ message: expect.stringContaining('items') }]);
    await expect(parseRegisterJson('assets', '[{')).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('takes 100,000 rows and not one more', async () => {
    const row = (i: number): string => `r${i},dataset\n`;
    const csv = `id,type\n${Array.from({ length: 100_000 }, (_, i) => row(i)).join('')}`;
    let turns = 0;
    const timer = setInterval(() => { turns += 1; }, 1);
    expect(await parseRegisterCsv('assets', csv)).toHaveLength(100_000);
    clearInterval(timer);
    // Others had their turn while it was judged.
    expect(turns).toBeGreaterThan(5);
    await expect(parseRegisterCsv('assets', `${csv}${row(100_000)}`)).rejects.toMatchObject({ code: 'batch_too_large' });
  });

  const text = fc.string({ unit: fc.constantFrom('a', 'Z', '9', ',', '"', ';', "'", '=', '+', '-', '@', '\t', '\n', '\r', '[', ']', ' ', 'ü', '\u{1F600}'), maxLength: 12 });
  const list = fc.array(text.filter((item) => item !== ''), { maxLength: 4 });
  const rowOf: { readonly [N in RegisterName]: fc.Arbitrary<object> } = {
    canaries: fc.record({ value: text.map((value) => `${value}12345678`), kind: fc.constantFrom('text', 'tool'), note: text }),
    purposes: fc.record({ resource: text.map((value) => `r${value}`), allowed: list, denied: fc.constant([]), required: fc.boolean(), legalBasis: text }),
    assets: fc.record({ type: text, criticality: fc.constantFrom('low', 'critical'), owner: text, labels: list, note: text }),
    people: fc.record({ name: text, roles: list, aliases: list, keys: list, timeZone: fc.constantFrom('', 'Asia/Tokyo'), effective: fc.constantFrom('', '2026-02-28') }),
    holidays: fc.record({ date: fc.constantFrom('2026-12-25', '2024-02-29'), name: text }),
    egress: fc.record({ kind: fc.constantFrom('vpn', 'cloud'), network: fc.constantFrom('10.0.0.0/8', '2001:db8::/32', 'gw.example.com', '192.0.2.1'), note: text }),
    models: fc.record({ provider: text, approved: fc.boolean(), purposes: list, note: text }),
  };
  it.each(REGISTER_NAMES)('%s: what is written as CSV, JSON or NDJSON is read back as it was', async (register) => {
    await fc.assert(fc.asyncProperty(fc.array(rowOf[register], { maxLength: 5 }), async (drafts) => {
      const rows = (await parseRegisterJson(register, drafts.map((draft, i) => ({ id: `${i}=x`, ...draft })))) as Array<RegisterRow<typeof register>>;
      // A CSV cell cannot say the difference between nothing and nothing: empty is the default.
      expect(await parseRegisterCsv(register, formatRegister(register, rows, 'csv'))).toEqual(rows);
      expect(await parseRegisterJson(register, formatRegister(register, rows, 'json'))).toEqual(rows);
      expect(formatRegister(register, rows, 'ndjson').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as object)).toEqual(rows);
    }), { numRuns: 20 });
  });
});

describe('a CSV cell', () => {
  it('never begins as a formula, and is read back as it was', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', '\0', "'=", "''+"]) {
      const written = writeCell(`${start}cmd|' /C calc'!A0`);
      expect(written.replace(/^"/, '')).toMatch(/^'/);
    }
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('=', "'", '+', 'a', '\t', '"', ',') }), (cell) => {
      const written = writeCell(cell);
      const unquoted = written.startsWith('"') && written.endsWith('"') && written.length > 1 && /[",\s]/.test(written.slice(1, -1)) ? written.slice(1, -1).replaceAll('""', '"') : written;
      expect(unquoted).not.toMatch(/^[=+\-@\t\r]/);
      expect(readCell(unquoted)).toBe(cell);
    }));
  });
});
