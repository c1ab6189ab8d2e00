import { describe, expect, it } from 'vitest';
import { labelledCriticality } from './label-criticality.js';

describe('how critical a resource is by its labels', () => {
  it.each([[[], 2], [['public'], 2], [['pii'], 3], [['PII'], 3], [['public', 'Special Category'], 3], [['personal_data'], 3], [['piipaper'], 2], [['__proto__'], 2]] as const)('%o is %i', (labels, criticality) => {
    expect(labelledCriticality(labels)).toBe(criticality);
  });
});
