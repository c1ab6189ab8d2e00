import type { Finding } from '@wary/model/finding.js';

const number = (value: number): string => String(Number(value.toPrecision(4)));
const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** A finding as text, with everything that a person is shown. */
export function renderFinding({ title, entity, detector, severity, strength, window, explanation, revision, closed, criticality }: Finding): string {
  const { summary, observed, expected, unit, unlikely, contributions, counterfactual, peers, history, matched = [], techniques, duties, runbook, calibration, baseline, eventIds } = explanation;
  const lines = [
    `# ${title}`, '', summary, '',
    `- about: ${entity.type} ${entity.id}`, `- severity: ${severity}, criticality ${criticality}, strength ${number(strength)} (${calibration})`, `- detector: ${detector.id}, version ${detector.version}; revision ${revision}${closed ? ', closed' : ''}`,
    `- window: ${time(window.start)} to ${time(window.end)} UTC`,
    ...(observed === null ? [] : [`- observed: ${number(observed)} ${unit}`]),
    ...(expected === null ? [] : [`- expected: ${number(expected.value)} (${number(expected.low)} to ${number(expected.high)}) ${unit}`]),
    ...(unlikely === null ? [] : [`- how unlikely: ${unlikely}`]),
    ...(peers === null ? [] : [`- peers: ${peers.count} in ${peers.group}, at most ${number(peers.max)}, ${peers.verdict}`]),
    ...(baseline === null ? [] : [`- baseline: ${baseline.id}, ${baseline.windows} windows since ${time(baseline.since)}`]),
    ...(history.length === 0 ? [] : [`- history: ${history.length} windows, the last ${history.slice(-3).map(({ value }) => number(value)).join(', ')}`]),
    `- events: ${eventIds.length}`, '',
    '## Why', '',
    ...contributions.map(({ label, observed: seen, expected: usual, share }) => `- ${Math.round(share * 100)} %: ${label}: ${typeof seen === 'number' ? number(seen) : seen}; usual: ${usual}`),
    ...matched.map(({ field, value, pattern }) => `- matched ${field} = ${value} (${pattern})`), '',
    '## What would have kept it quiet', '', counterfactual === null ? 'nothing is known' : `${counterfactual.text} (${counterfactual.feature} = ${counterfactual.value === null ? 'none' : String(counterfactual.value)})`, '',
    ...(runbook === undefined ? [] : ['## What to do', '', runbook, '']),
    '## Techniques and duties', '', ...techniques.map(({ framework, id, name, version }) => `- ${framework} ${id} ${name} (${version})`), `- ${duties.join(', ')}`,
  ];
  return `${lines.join('\n')}\n`;
}
