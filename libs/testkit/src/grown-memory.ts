const MIB = 2 ** 20;

/**
 * What an act adds to this process's resident memory, MiB: the least of several rounds. What an act keeps shows in every round;
 * what an engine or a collector beside it happens to do in one of them does not.
 * @param act - What is measured; it must do the same in each round.
 * @param enoughMib - A round at or below this ends the measurement.
 */
export async function grownMemoryMib(act: () => Promise<void> | void, enoughMib: number, rounds = 4): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds && least > enoughMib; round += 1) {
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss); }, 5);
    try {
      await act();
    } finally {
      clearInterval(watch);
    }
    least = Math.min(least, (Math.max(peak, process.memoryUsage().rss) - before) / MIB);
  }
  return least;
}
