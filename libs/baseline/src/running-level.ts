/** Mean and variance of a stream, over all of it or fading over `memory` values. */
export interface RunningLevel { n: number; mean: number; variance: number }

export const createRunningLevel = (): RunningLevel => ({ n: 0, mean: 0, variance: 0 });

export function learnLevel(level: RunningLevel, value: number, memory = Infinity): void {
  level.n += 1;
  const rate = Math.max(1 / memory, 1 / level.n);
  const delta = value - level.mean;
  level.mean += rate * delta;
  level.variance = (1 - rate) * (level.variance + rate * delta * delta);
}

const LEVEL_MIN = 5;
/** Half the degrees of freedom that a heavy-tailed residual is taken to have: ln(1 + z²/ν) is its surprise up to a factor (Student's t). */
const HEAVINESS = 4;

/** How surprising a value is beside a level: the log of a squared deviation. `floor` is a variance below which nothing counts as unusual. 0 before there is a level. */
export function levelSurprise({ n, mean, variance }: RunningLevel, value: number, floor: number): number {
  if (n <= LEVEL_MIN) return 0;
  const deviation = value - mean;
  return Math.log1p((deviation * deviation) / (HEAVINESS * (variance + floor + 1e-12 * (1 + mean * mean))));
}
