import { agentScribe } from '../../activity/agent-day.js';
import type { Agent } from '../../world/machines.js';
import { DAY_MS, HOUR_MS } from '../../world/zone.js';
import type { Played } from '../abuse-case.js';
import { at, countOf, overDays, type Stage } from '../stage.js';

/** AG-3: an agent is caught in a cycle of thinking and calling the same tool, to no end: 800 steps at once, 150 in an hour, or two runs of 25 on each of three days. */
export function agentLoop(stage: Stage, agent: Agent): Played {
  const steps = at(stage, { blatant: 800, moderate: 150, slow: 25 });
  const runs = at(stage, { blatant: 1, moderate: 1, slow: 2 });
  const days = Array.from({ length: at(stage, { blatant: 1, moderate: 1, slow: 3 }) }, (_, i) => stage.firstDay + i);
  const name = agent.id.slice(6);
  return {
    entities: [{ type: 'agent', id: agent.id }], lastDay: days.at(-1)!, description: `${agent.id} repeats the same call about ${steps} times${days.length > 1 ? `, ${runs} times a day for ${days.length} days` : ''}`,
    events: () => overDays(stage, days, function* (day, dice) {
      let time = day * DAY_MS + dice.between(8, 11) * HOUR_MS;
      for (let run = 0; run < runs; run += 1) {
        const session = `run-${dice.text('0123456789abcdef', 12)}`;
        const scribe = agentScribe(agent, dice, session, '', stage.id);
        const tool = dice.pick(agent.tools);
        const pace = at(stage, { blatant: 2_000, moderate: 20_000, slow: 12_000 });
        for (let left = countOf(dice, steps), context = 1_600; left > 0; left -= 2) {
          yield scribe.inference(time, 'chat', { model: agent.model, inputTokens: Math.round(context), outputTokens: Math.round(dice.logNormal(120, 0.3)), conversation: session, finish: 'tool_calls', extra: { 'agent.name': name } });
          time += dice.logNormal(pace, 0.4);
          yield scribe.tool(time, tool, session, name, { args: { query: 'same again' } });
          time += dice.logNormal(pace, 0.4);
          context = Math.min(60_000, context + 180);
        }
        time += dice.between(2, 4) * HOUR_MS;
      }
    }),
  };
}
