import { describe, expect, it } from 'vitest';
import { splitBundles } from './rule-bundles.js';

const rule = (id: string, name?: string): string => `title: t ${id}\nid: ${id}\n${name === undefined ? '' : `name: ${name}\n`}# a comment\nlogsource: { product: wary }\ndetection:\n  s:\n    a: 1\n  condition: s\n`;
const correlation = (id: string, ...rules: readonly string[]): string => `title: c\nid: ${id}\ncorrelation:\n  type: event_count\n  rules: [${rules.join(', ')}]\n  timespan: 1m\n  condition: { gte: 2 }\n`;

describe('bundles', () => {
  it('are a rule each, and a correlation with what feeds it, in the order of the text and with their comments', () => {
    const { bundles, problems } = splitBundles([rule('a'), correlation('c', 'fed', 'd'), rule('b', 'fed'), rule('d'), rule('e')].join('---\n'));
    expect(problems).toEqual([]);
    expect(bundles.map(({ id, ids }) => [id, ...ids])).toEqual([['a', 'a'], ['c', 'c', 'b', 'd'], ['e', 'e']]);
    expect(bundles[1]!.text).toContain('# a comment');
    expect(splitBundles(bundles[1]!.text).bundles).toEqual([bundles[1]]);
  });

  it('of correlations that share a rule are one', () => {
    const { bundles } = splitBundles([correlation('c', 'a'), correlation('d', 'a'), rule('a')].join('---\n'));
    expect(bundles.map(({ id, ids }) => [id, ...ids])).toEqual([['c', 'c', 'd', 'a']]);
  });

  it.each([
    ['no id', 'title: x\nlogsource: { product: wary }\n', 'rule-id', 1], ['a bad id in the second document', `${rule('a')}---\ntitle: x\nid: "a b"\n`, 'rule-id', 10], ['the same id twice', `${rule('a')}---\n${rule('a')}`, 'id-duplicate', 10], ['no YAML', 'a: [1', 'yaml', 1], ['a list', '- 1\n', 'rule-id', 1],
  ])('refuse %s, with the line', (_, text, code, line) => {
    expect(splitBundles(text).problems).toEqual([expect.objectContaining({ code, line })]);
    expect(splitBundles(text).bundles).toEqual([]);
  });

  it('of an empty text are none', () => {
    expect(splitBundles('\n# nothing\n---\n')).toEqual({ bundles: [], problems: [] });
  });
});
