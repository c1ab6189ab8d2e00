import type { Timers } from '@wary/ports/timers.port.js';

export const systemTimers: Timers = {
  sleep: (ms) => new Promise((resolve) => { setTimeout(resolve, ms); }),
  turn: () => new Promise((resolve) => { setImmediate(resolve); }),
  every(ms, act) {
    const timer = setInterval(act, ms);
    return () => { clearInterval(timer); };
  },
};
