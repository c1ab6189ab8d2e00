import type { Alert } from '@wary/model/alert.js';
import { capabilityOf } from '@wary/model/catalogue/capabilities.js';
import { nextSteps } from './next-steps.js';
import { techniqueLink } from './technique-link.js';

export function WhatToDo({ alert }: { alert: Alert }) {
  const { techniques, duties, runbook, capabilities = [] } = alert.explanation;
  return (
    <section className="part" aria-labelledby="what-to-do">
      <h2 id="what-to-do">What to do</h2>
      {runbook && <p>{runbook}</p>}
      <ol className="steps">{nextSteps(alert.detector.id).map((step) => <li key={step}>{step}</li>)}</ol>
      {capabilities.length > 0 && (
        <>
          <h3>What it may be</h3>
          <ul className="capabilities">
            {capabilities.flatMap((id) => capabilityOf(id) ?? []).map(({ id, name, runbook: first }) => <li key={id}><span className="tag">{id}</span> {name}. <span className="dim">{first}</span></li>)}
          </ul>
        </>
      )}
      {techniques.length > 0 && (
        <>
          <h3>Techniques</h3>
          <ul className="techniques">
            {techniques.map((technique) => {
              const link = techniqueLink(technique);
              return (
                <li key={`${technique.framework}${technique.id}`}>
                  <span className="tag">{technique.framework}</span>
                  {link ? <a className="mono" href={link} target="_blank" rel="noreferrer noopener">{technique.id}</a> : <span className="mono">{technique.id}</span>}
                  <span className="grow">{technique.name}</span><span className="faint">v{technique.version}</span>
                </li>
              );
            })}
          </ul>
        </>
      )}
      {duties.length > 0 && <><h3>Duties it touches</h3><ul className="duties">{duties.map((duty) => <li key={duty} className="tag">{duty}</li>)}</ul></>}
    </section>
  );
}
