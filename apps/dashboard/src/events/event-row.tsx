import type { Event } from '@wary/model/event.js';
import { useState } from 'react';
import { CopyButton } from '../ui/copy-button.js';
import { Icon } from '../ui/icon.js';
import { sentence } from '../ui/format.js';
import { At } from '../ui/time.js';
import { contentParts, type ContentPart } from './content-parts.js';
import type { Plane } from './one-sequence.js';
import { eventAmounts, eventFacts, eventTitle, isMasked } from './event-facts.js';

/** Longer text may scroll in its box, and then the box must be reachable by keyboard. */
const SCROLLS_CHARS = 400;

/** One event: a line that opens. Its content is drawn only when it is open, always as text. */
export function EventRow({ event, mark, plane, addsTo = [] }: { event: Event; mark?: string | undefined; plane?: Plane | undefined; addsTo?: readonly string[] }) {
  const [open, setOpen] = useState(false);
  const failed = event.outcome !== 'success';
  return (
    <details className="event" onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
      <summary>
        <Icon name="right" size={14} />
        <span className="event-time mono"><At at={event.time} seconds /></span>
        <span className="event-title grow">{eventTitle(event)}</span>
        {plane && <span className="tag">{sentence(plane)}</span>}
        {mark && <span className="tag accent">{mark}</span>}
        {failed && <span className="tag bad">{sentence(event.outcome)}</span>}
        {isMasked(event) && <span className="tag">Masked</span>}
        <span className="event-amount dim">{eventAmounts(event)}</span>
      </summary>
      {open && addsTo.length > 0 && <p className="event-body dim">Adds to: {addsTo.join(', ')}.</p>}
      {open && <EventBody event={event} />}
    </details>
  );
}

function EventBody({ event }: { event: Event }) {
  const { genAi } = event;
  const attributes = Object.keys(event.attributes).length > 0 ? JSON.stringify(event.attributes, null, 2) : '';
  return (
    <div className="event-body">
      <dl className="facts">{eventFacts(event).map(([label, value]) => <div key={label}><dt>{label}</dt><dd className="break">{value}</dd></div>)}</dl>
      {genAi && <Content title="Input" parts={contentParts(genAi.inputMessages)} />}
      {genAi && <Content title="Output" parts={contentParts(genAi.outputMessages)} />}
      {genAi && <Content title="Tool arguments" parts={contentParts(genAi.toolArguments)} />}
      {genAi && <Content title="Tool result" parts={contentParts(genAi.toolResult)} />}
      {attributes && <Content title="Attributes" parts={[{ role: '', kind: 'text', text: attributes }]} />}
      {event.raw && <Content title="As received, masked" parts={[{ role: '', kind: 'text', text: event.raw }]} />}
      <CopyButton text={JSON.stringify(event, null, 2)} label="Copy as JSON" />
    </div>
  );
}

function Content({ title, parts }: { title: string; parts: readonly ContentPart[] }) {
  if (parts.length === 0) return null;
  return (
    <section className="content-part" aria-label={title}>
      <h4>{title}</h4>
      {parts.map((part, index) => <div key={index} className="said">{(part.role || part.kind !== 'text') && <span className="said-by">{[part.role, part.kind === 'text' ? '' : sentence(part.kind).toLowerCase()].filter(Boolean).join(' · ')}</span>}<pre tabIndex={part.text.length > SCROLLS_CHARS ? 0 : undefined}>{part.text}</pre></div>)}
    </section>
  );
}
