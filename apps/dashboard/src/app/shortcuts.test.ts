import { describe, expect, it } from 'vitest';
import { KeySequence, keyName } from './shortcuts.js';

const known = (name: string) => ['j', 'a', 'g a', 'g *', '?'].includes(name);

describe('KeySequence', () => {
  it('gives single keys at once', () => expect(new KeySequence().next('j', 0, known)).toBe('j'));
  it('waits after the first key of a pair, and the pair stands above the single key', () => {
    const keys = new KeySequence();
    expect(keys.next('g', 0, known)).toBeNull();
    expect(keys.next('a', 900, known)).toBe('g a');
    expect(keys.next('a', 950, known)).toBe('a');
  });
  it('forgets the first key after a second', () => {
    const keys = new KeySequence();
    keys.next('g', 0, known);
    expect(keys.next('a', 1_001, known)).toBe('a');
  });
  it('does nothing for unknown keys', () => expect(new KeySequence().next('z', 0, known)).toBeNull());
  it('calls the space bar by its name', () => expect(keyName({ key: ' ' })).toBe('Space'));
});
