// The boundary check: dependency-cruiser's rules, plus what imports cannot show (time and randomness inside the stages).
// It fails when it sees too few modules: a checker that sees nothing passes everything.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { root } from './workspaces.mjs';

const MODULES_MIN = 60;
const EDGES_MIN = 100;
const PURE = ['model', 'pipeline', 'ports', 'ingest', 'normalize', 'enrich', 'protect', 'baseline', 'detect', 'alert', 'incident', 'workflow', 'notify', 'simulate', 'rules'];
const IMPURE_CALLS = [/\bDate\.now\s*\(/, /\bMath\.random\s*\(/, /\bnew Date\(\s*\)/, /\bperformance\.now\s*\(/, /\bprocess\.(env|hrtime|cwd)\b/];

const problems = [];
process.chdir(root);
const require = createRequire(import.meta.url);
const { forbidden, options } = require('../.dependency-cruiser.cjs');
const { output } = await cruise(['libs', 'apps/wary', 'apps/ingest', 'apps/store', 'apps/detect', 'apps/respond', 'apps/api', 'apps/cli'], { ...options, validate: true, ruleSet: { forbidden } }, { ...options.enhancedResolveOptions, extensions: ['.ts', '.js', '.mjs', '.json'], extensionAlias: { '.js': ['.ts', '.js'] } }, { tsConfig: extractTSConfig(join(root, 'tsconfig.json')) });
for (const { rule, from, to } of output.summary.violations) problems.push(`${rule.name}: ${from} → ${to}`);

const ours = output.modules.filter(({ source }) => /^(libs|apps)\/.*\.ts$/.test(source));
const edges = ours.flatMap(({ dependencies }) => dependencies).filter(({ resolved }) => /^(libs|apps)\//.test(resolved)).length;
if (ours.length < MODULES_MIN || edges < EDGES_MIN) problems.push(`only ${ours.length} modules and ${edges} imports between them were seen (at least ${MODULES_MIN} and ${EDGES_MIN} expected): the check is blind`);

// What a package imports it names: hoisting hides a missing name here, and nowhere else.
const namedBy = new Map();
function namesOf(folder) {
  if (!namedBy.has(folder)) {
    const { name, dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    namedBy.set(folder, new Set([name, ...Object.keys(dependencies), ...Object.keys(devDependencies)]));
  }
  return namedBy.get(folder);
}
for (const { source, dependencies } of ours) {
  if (/\.(test|bench)\.ts$|\/testing\/|\.test-data\.ts$/.test(source)) continue;
  const folder = source.slice(0, source.indexOf('/src/'));
  for (const { module } of dependencies) {
    const name = /^(@[^/]+\/[^/]+|[^./@][^/]*)/.exec(module)?.[0];
    if (name === undefined || name.startsWith('node:') || builtinModules.includes(name) || namesOf(folder).has(name)) continue;
    problems.push(`imports-are-named: ${source} imports ${name}, which ${folder}/package.json does not name`);
  }
}

for (const lib of PURE) {
  const src = join(root, 'libs', lib, 'src');
  for (const entry of readdirSync(src, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || /\.(test|bench)\.ts$/.test(entry.name)) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    readFileSync(file, 'utf8').split('\n').forEach((line, index) => {
      const code = line.replace(/\/\/.*$|^\s*\*.*$/, '');
      for (const call of IMPURE_CALLS) if (call.test(code)) problems.push(`time-and-randomness-are-passed-in: ${relative(root, file)}:${index + 1} ${code.trim()}`);
    });
  }
}

for (const problem of problems) console.error(problem);
console.log(`boundaries: ${ours.length} modules, ${edges} imports between them, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
