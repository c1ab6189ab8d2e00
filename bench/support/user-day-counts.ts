import type { NativeEvent } from '@wary/simulate/native-event.js';

/** Plain counts of a user-day, as the published baselines take them: what was done, and how much of it outside working hours. */
export const USER_DAY_COUNTS = ['logons', 'connections', 'copies', 'mails', 'external mails', 'visits', 'uploads and downloads', 'machines', 'logons outside hours', 'other acts outside hours'] as const;
const WIDTH = USER_DAY_COUNTS.length;

export class UserDayCounts {
  readonly width = WIDTH;
  private readonly index = new Map<string, number>();
  private readonly numbers: number[] = [];
  private readonly machines = new Map<number, Set<string>>();
  readonly keys: string[] = [];

  add(event: NativeEvent): void {
    const key = `${event.actor.id}|${event.time.slice(0, 10)}`;
    let row = this.index.get(key);
    if (row === undefined) {
      row = this.keys.length;
      this.index.set(key, row);
      this.keys.push(key);
      for (let i = 0; i < WIDTH; i += 1) this.numbers.push(0);
    }
    const hour = Number(event.time.slice(11, 13));
    const weekday = new Date(event.time).getUTCDay();
    const outside = hour < 7 || hour >= 19 || weekday === 0 || weekday === 6;
    const feature = featureOf(event);
    if (feature >= 0) this.numbers[row * WIDTH + feature]! += 1;
    if (outside) this.numbers[row * WIDTH + (event.action === 'login' ? 8 : 9)]! += 1;
    const device = event.source?.device;
    if (device !== undefined) {
      let seen = this.machines.get(row);
      if (seen === undefined) this.machines.set(row, (seen = new Set()));
      seen.add(device);
      this.numbers[row * WIDTH + 7] = seen.size;
    }
  }

  get rows(): Float64Array { return Float64Array.from(this.numbers); }
}

function featureOf({ action, resource }: NativeEvent): number {
  if (action === 'login') return 0;
  if (action === 'connect') return 1;
  if (action === 'copy') return 2;
  if (action === 'send') return resource?.labels?.includes('external') === true ? 4 : 3;
  if (action === 'visit') return 5;
  if (action === 'upload' || action === 'download') return 6;
  return -1;
}
