import kafkajs, { type LogEntry, type logLevel as LogLevel } from 'kafkajs';

/** Where the client's own words go. */
export interface KafkaLog {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/**
 * What a client meets on the way and repeats by itself: a group that is being formed, a leader that moves, a broker that restarts. It
 * says so as errors; they are none until the repeats are used up, and then it says that apart.
 */
const EXPECTED = /coordinator|rebalanc|not the leader|no leader|leadership election|metadata|re-joining|restarting the consumer|connection (error|timeout|closed)|failed to connect|econnrefused|econnreset|request .* timed out|disconnected|unknown member|illegal generation|response .*\(key:|limiting retries for the idempotent/i;

/** The client's logger, writing to ours: expected retries as debug, the rest as warnings at most; what ends the work is told by who runs the client. */
export function createKafkaLogger(log: KafkaLog): () => (entry: LogEntry) => void {
  return () => ({ namespace, level, log: { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...facts } }) => {
    const error = typeof facts['error'] === 'string' ? facts['error'] : undefined;
    const told = { namespace, ...facts, ...(error === undefined ? {} : { error }) };
    const { ERROR, WARN } = kafkajs.logLevel as typeof LogLevel;
    const isQuiet = (level !== ERROR && level !== WARN) || EXPECTED.test(`${message} ${error ?? ''}`);
    if (isQuiet) log.debug(told, `kafka.client.${level === ERROR ? 'retried' : 'said'}: ${message}`);
    else log.warn(told, `kafka.client.warned: ${message}`);
  };
}
