import type { Profiler } from 'node:inspector/promises';

/** By file: the part an event's time goes to. The first that matches, from the innermost call outwards. */
const FILES: ReadonlyArray<readonly [pattern: RegExp, part: string]> = [
  [/\/detect\/dist\/(act-\w+|acts|site-class)\.js$|\/act-model\.js$/, 'activity'],
  [/\/detect\/dist\/(novelty|category-memory|event-categories|value-names)\.js$|\/(category-model|value-rarity)\.js$/, 'novelty'],
  [/\/detect\/dist\/off-hours\.js$|\/week-histogram\.js$/, 'off_hours'],
  [/\/detect\/dist\/(window-add|crossing|window-score|distinct|features|learn|history)\.js$|\/(count-baseline|magnitude-baseline|negative-binomial|student-t|hyper-log-log|empirical-bayes)\.js$/, 'volume, breadth, failures, cost_tokens'],
  [/\/detect\/dist\/detectors\/|\/detect\/dist\/(signal-book|rule-stage)\.js$/, 'detectors of single events and sessions'],
  [/\/detect\/dist\/watch\//, 'the monitor itself'],
  [/\/detect\/dist\/(population|hour-|node-view|level-ledger)[\w-]*\.js$|\/(score-calibration|quantile-sketch)\.js$/, 'peers, ranks and budget'],
  [/\/detect\/dist\/(entity-table|entity-record|record-|sparse-words|awake-ring|entity-columns|entity-snapshot|slab)[\w-]*\.js$/, 'who is known: wake and rest'],
  [/\/detect\/dist\/|\/recent-ids\.js$/, 'windows and the path'],
];
const COLLECTOR = 'garbage collector';
const OTHER = 'what is not attributed';
export const PARTS: readonly string[] = [...FILES.map(([, part]) => part), COLLECTOR, OTHER];

/** Share of the samples within `scoreEvents` (and of the collector) by part. What the bench itself does is left out. */
export function partOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parent = new Map<number, number>();
  for (const { id, children } of nodes) for (const child of children ?? []) parent.set(child, id);
  const partOfNode = new Map<number, string | null>();
  const find = (id: number): string | null => {
    let part: string | null = null;
    let isInside = false;
    for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) {
      const { functionName, url } = byId.get(at)!.callFrame;
      if (functionName === '(garbage collector)') return COLLECTOR;
      part ??= FILES.find(([pattern]) => pattern.test(url))?.[1] ?? null;
      isInside ||= functionName === 'scoreEvents';
    }
    return isInside ? part ?? OTHER : null;
  };
  const times = new Map<string, number>();
  let total = 0;
  samples.forEach((id, at) => {
    if (!partOfNode.has(id)) partOfNode.set(id, find(id));
    const part = partOfNode.get(id)!;
    if (part === null) return;
    times.set(part, (times.get(part) ?? 0) + timeDeltas[at]!);
    total += timeDeltas[at]!;
  });
  return new Map([...times].map(([part, time]) => [part, time / total]));
}
