import { agentScribe, hostResource } from '../../activity/agent-day.js';
import { datasetResource, SECRETS, secretResource } from '../../world/catalogue.js';
import type { Agent } from '../../world/machines.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../world/zone.js';
import type { Played } from '../abuse-case.js';
import { at, diceOf, overDays, type Stage } from '../stage.js';

/** AG-5: an agent reads secrets and personal data and, in the same run, sends to a host it never used: ten secrets and three posts, two and one, or one secret and a small post half an hour later, once a day for five days. */
export function readThenSend(stage: Stage, agent: Agent): Played {
  const days = Array.from({ length: at(stage, { blatant: 1, moderate: 1, slow: 5 }) }, (_, i) => stage.firstDay + i);
  const host = diceOf(stage, 'host').pick(['files.drop.example', 'paste.collect.example', 'intake.verify.example', 'hook.relay.example']);
  return {
    entities: [{ type: 'agent', id: agent.id }], lastDay: days.at(-1)!, description: `${agent.id} reads what is sensitive and sends to ${host}`,
    events: () => overDays(stage, days, function* (day, dice) {
      const scribe = agentScribe(agent, dice, `run-${dice.text('0123456789abcdef', 12)}`, '', stage.id);
      let time = day * DAY_MS + dice.between(8, 16) * HOUR_MS;
      for (const secret of dice.sample(SECRETS, at(stage, { blatant: 10, moderate: 2, slow: 1 }))) {
        yield scribe.access(time, 'read', secretResource(secret), { bytes: 64 });
        time += dice.logNormal(6_000, 0.5);
      }
      if (stage.intensity !== 'slow') yield scribe.access(time, 'read', datasetResource('ds/policies'), { rows: dice.whole(2_000, 9_000), bytes: dice.whole(600_000, 2_400_000) });
      time += at(stage, { blatant: 10_000, moderate: 5 * MINUTE_MS, slow: 30 * MINUTE_MS });
      for (let posts = at(stage, { blatant: 3, moderate: 1, slow: 1 }); posts > 0; posts -= 1) {
        yield scribe.access(time, 'send', hostResource(`host/${host}`), { bytes: at(stage, { blatant: 800_000, moderate: 20_000, slow: 900 }) });
        time += dice.logNormal(6_000, 0.5);
      }
    }),
  };
}
