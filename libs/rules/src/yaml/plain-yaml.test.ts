import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { readPlainYaml } from './plain-yaml.js';
import { locate, readYaml } from './read-yaml.js';

const full = (text: string): { readonly values: unknown[]; readonly errors: number } => {
  const documents = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' });
  const list = Array.isArray(documents) ? documents : [];
  return { values: list.map((document) => document.toJS() as unknown), errors: list.reduce((sum, document) => sum + document.errors.length, 0) };
};

describe('readPlainYaml', () => {
  it('reads the style of rules', () => {
    const text = "title: a b # comment\nlist:\n  - one\n  - 'two: ''2'''\n  - \"three\\n\"\nsame:\n- x: 1\n  y: ~\n-\n  z: true\nblock: |\n  first\n    second\n\nfolded: >-\n  a\n  b\n\n  c\nempty:\n---\nnumbers: 0x1F\n";
    expect(readPlainYaml(text)).toEqual([{ title: 'a b', list: ['one', "two: '2'", 'three\n'], same: [{ x: 1, y: null }, { z: true }], block: 'first\n  second\n', folded: 'a b\nc', empty: null }, { numbers: 31 }]);
    expect(full(text).values).toEqual(readPlainYaml(text));
  });

  it('reads what the full parser reads, or nothing', () => {
    const piece = fc.constantFrom('a', 'b: ', 'key:', '- ', '-', ' ', '  ', '\n', '\n  ', '\n    ', "'", '"', '#', ' # x', '|', '>', '|-', '---', '...', '\t', 'null', '1', '0x1', ':', '?', '&a', '*a', '!t', '[', ']', '{', '}', ',', '\\', '\r\n', '~', 'x y', "'q'", '"d"', '%');
    let read = 0;
    fc.assert(fc.property(fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join('')), (text) => {
      const plain = readPlainYaml(text);
      if (plain === undefined) return;
      read += 1;
      const { values, errors } = full(text);
      expect(errors).toBe(0);
      expect(plain).toEqual(values.length === 1 && values[0] === null && plain.length === 0 ? [] : values);
    }), { numRuns: 4_000, seed: 11 });
    expect(read).toBeGreaterThan(200);
  });
});

describe('readYaml', () => {
  it.each([
    ['a: [1, 2', 1], ['a: 1\na: 2', 2], ['a: b: c', 1], ['- a\nb', 2], ['a: "x', 1],
  ])('%j is a problem in line %i', (text, line) => {
    expect(readYaml(text).problems[0]).toMatchObject({ code: 'yaml', line });
  });

  it('keeps integers beyond 2^53, refuses alias bombs, depth and length', () => {
    expect(readYaml('a: 9007199254740993\nb: {c: 9007199254740993, d: 5}').documents).toEqual([{ a: 9007199254740993n, b: { c: 9007199254740993n, d: 5 } }]);
    const bomb = `a0: &a0 [x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}, *a${i}, *a${i}, *a${i}, *a${i}, *a${i}, *a${i}]`).join('\n')}`;
    expect(readYaml(bomb).problems).toHaveLength(1);
    expect(readYaml('a: &a [*a]').problems).toHaveLength(1);
    expect(readYaml('['.repeat(8_000)).problems.length).toBeGreaterThan(0);
    expect(readYaml('x'.repeat(1024 * 1024 + 1)).problems[0]!.code).toBe('yaml-too-long');
  });

  it('finds the place of a value, in the text of a condition too', () => {
    const text = 'a: 1\n---\nb:\n  - c: x\n  - "quoted text"\n';
    expect(locate(text, 1, { path: ['b', 0, 'c'] })).toEqual({ line: 4, column: 5 });
    expect(locate(text, 1, { path: ['b', 1], offset: 3 })).toEqual({ line: 5, column: 9 });
  });
});
