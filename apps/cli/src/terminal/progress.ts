import { SingleBar } from 'cli-progress';

export interface Progress {
  /** `done` of the total; the note stands at the end of the line. */
  update(done: number, note?: string): void;
  stop(): void;
}

const SILENT: Progress = { update: () => {}, stop: () => {} };

/** A bar on standard error when that is a terminal, nothing otherwise, so that logs and pipes stay clean. `total` 0: unknown, only what is done is shown. */
export function createProgress(label: string, total: number, format: (value: number) => string = (value) => value.toLocaleString('en')): Progress {
  if (!process.stderr.isTTY) return SILENT;
  const bar = new SingleBar({
    stream: process.stderr, clearOnComplete: false, hideCursor: true, fps: 8, gracefulExit: false,
    format: total > 0 ? `${label} {bar} {percentage} % · {done} of {all}{note}` : `${label} {done}{note}`, barCompleteChar: '█', barIncompleteChar: '░', barsize: 28,
  });
  bar.start(total > 0 ? total : 1, 0, { done: format(0), all: format(total), note: '' });
  return {
    update: (done, note = '') => bar.update(total > 0 ? Math.min(done, total) : 0, { done: format(done), note: note === '' ? '' : ` · ${note}` }),
    stop: () => bar.stop(),
  };
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < UNITS.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
