/** The insider and API catalogue: how often each scenario is caught and each benign twin left alone, how soon, and by what. */
import { writeFileSync } from 'node:fs';
import { playCatalogue, type CatalogueRun } from '@wary/app-cli/coverage/play-catalogue.js';
import { recallOf } from '@wary/app-cli/coverage/recall-of.js';
import { readRuleFolders } from '@wary/app-cli/rules/rule-files.js';
import { CAPABILITIES } from '@wary/model/catalogue/capabilities.js';
import { compileRules } from '@wary/rules/live/compiled-rules.js';
import { CATALOGUE_DAYS, CATALOGUE_LIVE_DAYS, CATALOGUE_SIZE, catalogueStart } from '@wary/simulate/catalogue/catalogue-start.js';

const option = (name: string, otherwise: string): string => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? otherwise : process.argv[at + 1]!; };
/** Development used 1–9. */
const SEEDS = option('seeds', '21-40');
const BUDGET_PER_DAY = Number(option('budget', '1'));
const MEASURED_FILE = 'libs/model/src/catalogue/measured.ts';

const [from, to] = SEEDS.split('-').map(Number) as [number, number | undefined];
const rules = compileRules(readRuleFolders(['rules']).set);
const titles = new Map(rules.rules.map(({ id, document }) => [`rule:${id}`, document.title]));
const runs: CatalogueRun[] = [];
for (let seed = from; seed <= (to ?? from); seed += 1) {
  const started = performance.now();
  const run = playCatalogue({ seed, start: catalogueStart(seed), days: CATALOGUE_DAYS, liveDays: CATALOGUE_LIVE_DAYS, ...CATALOGUE_SIZE, budgetPerDay: BUDGET_PER_DAY, rules });
  runs.push(run);
  const wrong = run.outcomes.filter(({ category, caught }) => caught !== (category === 'attack'));
  console.log(`seed ${seed} (${new Date(catalogueStart(seed)).toISOString().slice(0, 10)}): ${run.events} events in ${((performance.now() - started) / 1000).toFixed(0)} s${wrong.map(({ capability, category, name, by }) => `\n  ${capability} ${category === 'attack' ? 'missed' : 'alarmed'} ${name} ${by.map((id) => titles.get(id) ?? id).join(', ')}`).join('')}`);
}
const rows = recallOf(runs);
for (const { id, name } of CAPABILITIES) {
  const { played, caught, twins, quiet, by } = rows[id];
  console.log(`${id.padEnd(6)} ${name.padEnd(42)} caught ${caught}/${played}, twin quiet ${quiet}/${twins}; ${Object.entries(by).map(([what, count]) => `${titles.get(what) ?? what} ${count}`).join(', ')}`);
}
if (process.argv.includes('--publish')) {
  const text = `import type { Measured } from './measured-capability.js';

/** Written by \`npm run bench -- catalogue --publish\`; do not edit. */
export const MEASURED: Measured | null = {
  on: '${new Date().toISOString().slice(0, 10)}', seeds: '${SEEDS}', budgetPerDay: ${BUDGET_PER_DAY},
  rows: {
${CAPABILITIES.map(({ id }) => { const { played, caught, twins, quiet, delayMs, by } = rows[id]; return `    '${id}': { played: ${played}, caught: ${caught}, twins: ${twins}, quiet: ${quiet}, delayMs: ${delayMs}, by: { ${Object.entries(by).map(([what, count]) => `'${what}': ${count}`).join(', ')} } },`; }).join('\n')}
  },
};
`;
  writeFileSync(MEASURED_FILE, text);
  console.log(`${MEASURED_FILE} written; docs/coverage.md follows from it: npm run docs`);
}
