import { describe, expect, it } from 'vitest';
import { loadRules } from '../load-rules.js';
import { createKnownFields } from './known-fields.js';
import { readPipeline } from './read-pipeline.js';
import { readyPipelines } from './ready-pipelines.js';

const ruleOf = (logsource: string, fields: readonly string[]): string => `title: t\nid: 11111111-1111-4111-8111-111111111111\nlogsource: ${logsource}\nlevel: low\ndetection:\n  selection:\n${fields.map((field) => `    ${field}: x\n`).join('')}  condition: selection\n`;
const warned = (text: string, pipelines = readyPipelines()): string[] => loadRules([{ path: 'r.yml', text }], { knownFields: createKnownFields(pipelines) }).problems
  .filter(({ code }) => code === 'field-unknown').map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('fields that no pipeline knows', () => {
  it('are named where they stand, with the known one that is meant', () => {
    expect(warned(ruleOf('{ product: windows, category: process_creation }', ['Image', 'CommandLin']))).toEqual(['6:3 no event of this log source has "CommandLin" (pipeline windows, ocsf); "CommandLine" is meant?']);
    expect(warned(ruleOf('{ product: wary, category: inference }', ['gen_ai.request.modle', 'Actor.id', 'attributes.x.y']))).toEqual([
      expect.stringContaining('"gen_ai.request.modle" (pipeline wary); "gen_ai.request.model" is meant?'), expect.stringContaining('"Actor.id" (pipeline wary); "actor.id" is meant?'),
    ]);
  });

  it('are those of the kind of event: one that only another kind has is strange', () => {
    expect(warned(ruleOf('{ product: windows, category: dns_query }', ['QueryName', 'TargetObject']))).toHaveLength(1);
    expect(warned(ruleOf('{ product: windows, category: registry_set }', ['TargetObject', 'Details']))).toEqual([]);
  });

  it('are not judged where nobody says what events have', () => {
    expect(warned(ruleOf('{ product: github, service: audit }', ['anything']))).toEqual([]);
    expect(warned(ruleOf('{ product: windows, service: security }', ['anything']))).toEqual([]);
    expect(warned(ruleOf('{ product: nobody }', ['anything']))).toEqual([]);
    // A rule of all Windows events also gets those whose fields nobody says.
    expect(warned(ruleOf('{ product: windows }', ['anything']))).toEqual([]);
  });

  it('are told by a pipeline of one\'s own: names, patterns, lists named again', () => {
    const own = readPipeline('name: ours\nknows: &base [who, "ctx.*"]\nfields: { User: who }\nroutes:\n  - { when: {}, logsource: { product: ours } }\n  - { when: { kind: a }, logsource: { product: ours, category: a }, knows: [*base, extra] }\n', 'p.yml');
    expect(warned(ruleOf('{ product: ours }', ['User', 'who', 'ctx.a.b', 'ctx']), [own])).toEqual([expect.stringContaining('"ctx" (pipeline ours); map it under "fields" of a pipeline, or name it under "knows"')]);
    expect(warned(ruleOf('{ product: ours, category: a }', ['extra', 'extras']), [own])).toHaveLength(1);
    expect(() => readPipeline('name: a\nknows: [{}]\n', 'p.yml')).toThrow('p.yml:2:1: "knows" is a list of field names');
  });
});
