import { explainMatch } from '@wary/rules/explain-match.js';
import { CliError } from '../terminal/cli-error.js';
import { readEvents } from './read-events.js';
import { readRuleFolders, routerFor } from './rule-files.js';

export interface ExplainFlags { readonly rules: readonly string[]; readonly events: string; readonly rule?: string; readonly event?: number; readonly pipeline: string; readonly placeholders?: string; readonly json?: boolean }
const SHOWN_MAX = 1_000;

/** `wary rules explain`: for each event and rule which selections held, and by which value. */
export async function explainRules(flags: ExplainFlags): Promise<void> {
  const { set } = readRuleFolders(flags.rules, flags.placeholders);
  const rules = flags.rule === undefined ? set.rules : set.rules.filter(({ id, name, title }) => [id, name, title].includes(flags.rule!));
  if (rules.length === 0) throw new CliError(flags.rule === undefined ? 'no rule could be read; wary rules check says why' : `there is no rule "${flags.rule}", or it was refused; wary rules check says why`);
  const router = routerFor(flags.pipeline);
  let shown = 0;
  await readEvents(flags.events, ({ event, number }) => {
    if (flags.event !== undefined && flags.event !== number) return;
    for (const rule of rules) {
      const explanation = explainMatch(rule, event, router);
      // Everything is said of a rule that was asked for, only matches of the rest.
      if ((flags.rule === undefined && !explanation.matches) || shown >= SHOWN_MAX) continue;
      shown += 1;
      process.stdout.write(flags.json === true ? `${JSON.stringify({ event: number, rule: rule.id, ...explanation }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n` : textOf(number, rule, explanation));
    }
  });
  if (shown === 0) process.stderr.write('wary: nothing matched; --rule ID says of one rule why it did not\n');
}

function textOf(number: number, rule: { readonly id: string; readonly title: string }, { matches, isRouted, selections }: ReturnType<typeof explainMatch>): string {
  const lines = [`event ${number}: ${rule.id} "${rule.title}" ${matches ? 'matches' : isRouted ? 'does not match' : 'is meant for another log source'}`];
  for (const { name, holds, asked } of selections) {
    lines.push(`  ${name}: ${holds ? 'holds' : 'does not hold'}`);
    for (const each of asked) lines.push(`    ${each.holds ? '+' : '-'} ${each.field ?? 'any value'}: ${each.pattern}${each.value === undefined ? '' : `   (${String(each.value).slice(0, 200)})`}`);
  }
  return `${lines.join('\n')}\n`;
}
