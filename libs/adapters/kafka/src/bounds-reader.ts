import type { Admin, Kafka } from 'kafkajs';

export interface Bounds { readonly low: number; readonly high: number }

/** First and last offsets of a topic's partitions as they are now; what is asked for at once is asked of the brokers once. */
export function createBoundsReader(kafka: Kafka, topic: string): { all(): Promise<Bounds[]>; close(): Promise<void> } {
  let admin: Admin | null = null;
  let asked: Promise<Bounds[]> | null = null;

  async function ask(): Promise<Bounds[]> {
    try {
      if (admin === null) {
        admin = kafka.admin();
        await admin.connect();
      }
      const bounds: Bounds[] = [];
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) bounds[partition] = { low: Number(low), high: Number(high) };
      return bounds;
    } catch (error) {
      const failed = admin;
      admin = null;
      await failed?.disconnect().catch(() => {});
      throw error;
    }
  }

  return {
    /** By partition. */
    all() {
      // Those who ask while nothing has gone out yet share the answer; later ones need a later one.
      return (asked ??= Promise.resolve().then(() => { asked = null; return ask(); }));
    },
    async close() {
      await admin?.disconnect().catch(() => {});
    },
  };
}
