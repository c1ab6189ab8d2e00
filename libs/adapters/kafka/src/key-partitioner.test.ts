import { randomBytes } from 'node:crypto';
import kafkajs, { type PartitionerArgs } from 'kafkajs';
import { expect, it } from 'vitest';
import { murmur2, partitionOfKey } from './key-partitioner.js';

it('hashes as org.apache.kafka.common.utils.Utils.murmur2 does (the values of its own UtilsTest)', () => {
  const cases: Array<[string, number]> = [['21', -973932308], ['foobar', -790332482], ['a-little-bit-long-string', -985981536], ['a-little-bit-longer-string', -1486304829], ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971]];
  for (const [text, hash] of cases) expect(murmur2(Buffer.from(text))).toBe(hash);
});

it('chooses the partition that the client of the same protocol chooses', () => {
  const theirs = kafkajs.Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({ partitionId, leader: 1 })) as unknown as PartitionerArgs['partitionMetadata'];
  for (let index = 0; index < 2_000; index += 1) {
    const key = randomBytes(1 + (index % 41));
    expect(partitionOfKey(key, 12)).toBe(theirs({ topic: 't', partitionMetadata, message: { key, value: null } }));
  }
});
