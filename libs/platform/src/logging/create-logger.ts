import { pino, type Logger } from 'pino';

export type { Logger };

/** Control characters, bidi overrides and line separators in logged text become escapes, so that one event is one honest line. */
const HOSTILE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

function escapeHostile(line: string): string {
  return line.replace(HOSTILE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** JSON lines on standard output; secrets redacted by path; log keys are `stage.noun.past_verb` in `msg`. */
export function createLogger(level: string, base: Record<string, unknown> = {}): Logger {
  const destination = pino.destination({ fd: 1, sync: false, minLength: 0 });
  return pino(
    {
      level, base, timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ['password', '*.password', 'authorization', '*.authorization', 'cookie', '*.cookie', 'token', '*.token', 'secret', '*.secret', 'headers.authorization', 'headers.cookie'], censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => { destination.write(escapeHostile(line)); } },
  );
}
