const gc = (globalThis as { gc?: () => void }).gc ?? (() => {});

/** CPU of the whole process, its helpers (collector, compiler) included. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Bytes that are reachable: heap and buffers, after a collection. */
export function usedBytes(): number {
  gc();
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return heapUsed + Math.max(arrayBuffers, external);
}

export const MIB = 2 ** 20;
