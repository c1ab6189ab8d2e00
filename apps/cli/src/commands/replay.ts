import { Command, Option } from 'commander';
import { CliError } from '../terminal/cli-error.js';
import { instant, wholeNumber } from '../terminal/options.js';
import type { ReadingService } from '../kafka/rewind-topic.js';
import { runCommand } from '../terminal/run-command.js';

interface Flags { readonly fromStart?: boolean; readonly fromTime?: number; readonly fromOffset?: number; readonly partition?: number; readonly service?: ReadingService; readonly yes?: boolean; readonly json?: boolean }

/** Reads a topic again. Letters that could not be processed are `wary dead-letters replay`. */
export const replayCommand = (): Command => new Command('replay')
  .description('Read a Kafka topic again from a place; what is known already adds nothing. Without --yes it only says what it would do')
  .argument('<TOPIC>', 'the topic, as wary.raw.native')
  .option('--from-start', 'from the first message that the brokers keep').option('--from-time <TIME>', 'from the first message written at this time or later (ISO 8601)', instant)
  .option('--from-offset <N>', 'from this offset', wholeNumber(0, Number.MAX_SAFE_INTEGER)).option('--partition <N>', 'only this partition', wholeNumber(0, 1_000_000))
  .addOption(new Option('--service <NAME>', 'one of the topics between the services (wary.events, wary.findings, wary.deadletter), for this service').choices(['store', 'respond']))
  .option('--yes', 'do it; the service that reads the topic must be stopped').option('--json', 'print the partitions as JSON')
  .action(runCommand(replay));

async function replay(topic: string, flags: Flags): Promise<void> {
  const ways = [flags.fromStart === true, flags.fromTime !== undefined, flags.fromOffset !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new CliError('say from where, by one of --from-start, --from-time and --from-offset');
  if (flags.fromOffset !== undefined && flags.partition === undefined) throw new CliError('an offset is one of a partition: say --partition too');
  const to = flags.fromStart === true ? 'start' as const : flags.fromTime === undefined ? { offset: flags.fromOffset! } : { time: flags.fromTime };
  // Its client is loaded by who reads topics.
  const { rewindTopic } = await import('../kafka/rewind-topic.js');
  const { group, partitions } = await rewindTopic(process.env, topic, to, { ...(flags.partition === undefined ? {} : { partition: flags.partition }), ...(flags.service === undefined ? {} : { service: flags.service }), dryRun: flags.yes !== true });
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ topic, group, done: flags.yes === true, partitions })}\n`);
    return;
  }
  for (const { partition, before, after, messages } of partitions) process.stdout.write(`partition ${partition}: ${before === null ? 'not read yet' : `at ${before}`}, ${flags.yes === true ? 'goes on' : 'would go on'} at ${after} (${messages >= 0 ? `${messages.toLocaleString('en')} again` : `${(-messages).toLocaleString('en')} passed over`})\n`);
  process.stdout.write(flags.yes === true ? `The group ${group} goes on there with the next start.\n` : 'Nothing was changed; stop the service and say --yes to do it.\n');
}
