import { Command } from 'commander';
import { apiClient, withApiOptions, type ApiFlags } from '../client/api-options.js';
import { CliError } from '../terminal/cli-error.js';
import { wholeNumber } from '../terminal/options.js';
import { runCommand } from '../terminal/run-command.js';

interface Letter { readonly id: string; readonly source: string; readonly offset: number; readonly code: string; readonly message: string; readonly receivedAt: number; readonly payloadBytes: number; readonly replayedAt: number | null }
interface Page { readonly items: readonly Letter[]; readonly next: string | null }

const PAGE_ITEMS = 200;
const BULK_ITEMS = 500;

/** Records that could not be processed: listed with their reason, sent through again when the reason is gone. */
export function deadLettersCommand(): Command {
  const command = new Command('dead-letters').description('List records that could not be processed, and send them through again');
  withApiOptions(command.command('list').description('List them, newest first').option('--limit <N>', 'at most so many', wholeNumber(1, 100_000), 50).option('--json', 'one JSON object a line')).action(runCommand(list));
  withApiOptions(command.command('replay').description('Send them through again; doing it twice adds nothing').argument('[ids...]', 'ids of the letters').option('--all', 'every letter that was not replayed yet').option('--json', 'print the summary as JSON')).action(runCommand(replay));
  return command;
}

async function* letters(flags: ApiFlags): AsyncGenerator<Letter, void, undefined> {
  const client = apiClient(flags);
  let cursor: string | null = null;
  do {
    const query: string = new URLSearchParams({ limit: String(PAGE_ITEMS), ...(cursor === null ? {} : { cursor }) }).toString();
    const page: Page = await client.json<Page>({ path: `/v1/dead-letters?${query}` });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== null);
}

async function list(flags: ApiFlags & { readonly limit: number; readonly json?: boolean }): Promise<void> {
  let shown = 0;
  for await (const letter of letters(flags)) {
    if (shown === flags.limit) break;
    shown += 1;
    if (flags.json === true) process.stdout.write(`${JSON.stringify(letter)}\n`);
    else process.stdout.write(`${letter.id}  ${new Date(letter.receivedAt).toISOString().slice(0, 19)}  ${letter.source}  ${letter.code}: ${letter.message}${letter.replayedAt === null ? '' : '  (replayed)'}\n`);
  }
  if (shown === 0 && flags.json !== true) process.stdout.write('There are no dead letters.\n');
}

async function replay(ids: readonly string[], flags: ApiFlags & { readonly all?: boolean; readonly json?: boolean }): Promise<void> {
  if ((flags.all === true) === ids.length > 0) throw new CliError('name the letters to replay, or say --all');
  const wanted = [...ids];
  if (flags.all === true) for await (const letter of letters(flags)) if (letter.replayedAt === null) wanted.push(letter.id);
  const client = apiClient(flags);
  let replayed = 0;
  const rejected: unknown[] = [];
  for (let at = 0; at < wanted.length; at += BULK_ITEMS) {
    const answer = await client.json<{ replayed: number; rejected: readonly unknown[] }>({ method: 'POST', path: '/v1/dead-letters/replay', body: JSON.stringify({ ids: wanted.slice(at, at + BULK_ITEMS) }), headers: { 'content-type': 'application/json' } });
    replayed += answer.replayed;
    rejected.push(...answer.rejected);
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ letters: wanted.length, replayed, rejected })}\n`);
  else process.stdout.write(`${replayed} of ${wanted.length} replayed\n`);
  if (rejected.length > 0) throw new CliError(`${rejected.length} of ${wanted.length} failed again, for the reasons that "wary dead-letters list" names`);
}
