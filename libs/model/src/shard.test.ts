import { describe, expect, it } from 'vitest';
import { partitionOf, shardOf, SHARDS } from './shard.js';

describe('shards', () => {
  it('are what they have always been: whoever keys events by them must agree with the state that lies there', () => {
    expect([shardOf('default', 'user', 'alice'), shardOf('default', 'service', 'alice'), shardOf('acme', 'user', 'alice'), shardOf('default', 'agent', ''), shardOf('', 'device', 'Ünïcode ✓')]).toEqual(EXPECTED);
  });

  it('are spread evenly, and so are the partitions made of them', () => {
    const counts = new Array<number>(SHARDS).fill(0);
    const partitions = new Array<number>(7).fill(0);
    for (let i = 0; i < 25_600; i += 1) {
      const shard = shardOf('default', 'user', `user-${i}`);
      counts[shard]! += 1;
      partitions[partitionOf(shard, 7)]! += 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(Math.max(...counts)).toBeLessThan(170);
    expect(Math.min(...partitions)).toBeGreaterThan(3_200);
  });
});

const EXPECTED = [247, 123, 119, 151, 155];
