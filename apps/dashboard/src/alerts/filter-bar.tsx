import { useEffect, useState, type RefObject } from 'react';
import { Button, Kbd } from '../ui/button.js';
import { sentence } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { At } from '../ui/time.js';
import { countFilters, STATUS_ORDER, type AlertFilters, type AlertSearch, type AlertSort, type TimeRange } from './alert-filters.js';

const TYPING_MS = 250;

export function FilterBar({ search, filters, onChange, searchBox }: { search: AlertSearch; filters: AlertFilters; onChange: (next: AlertSearch) => void; searchBox: RefObject<HTMLInputElement | null> }) {
  const [text, setText] = useState(search.q ?? '');
  const [shown, setShown] = useState(false);
  useEffect(() => setText(search.q ?? ''), [search.q]);
  useEffect(() => {
    if (text.trim() === (search.q ?? '')) return;
    const timer = setTimeout(() => onChange({ q: text.trim() || undefined }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, search.q, onChange]);
  const set = countFilters(search);

  return (
    <div className="filters" role="search" aria-label="Filter the alerts">
      <label className="search-box">
        <Icon name="search" /><span className="visually-hidden">Search the alerts</span>
        <input ref={searchBox} type="search" value={text} placeholder="Search title, entity, detector" onChange={(event) => setText(event.target.value)} onKeyDown={(event) => { if (event.key === 'Escape') event.currentTarget.blur(); }} />
        <Kbd>/</Kbd>
      </label>
      <Button icon="filter" className="filters-toggle" aria-expanded={shown} onClick={() => setShown(!shown)}>{set > 0 ? `Filters (${set})` : 'Filters'}</Button>
      <div className={shown ? 'filter-set shown' : 'filter-set'}>
        <Choice label="Status" value={search.status ?? 'open'} onChange={(value) => onChange({ status: value === 'open' ? undefined : value })} options={[['open', 'Open'], ...STATUS_ORDER.map((status) => [status, sentence(status)] as const), ['any', 'Any status'], ...(search.status?.includes(',') ? [[search.status, 'Several'] as const] : [])]} />
        <Choice label="Time" value={search.from || search.to ? 'custom' : search.range ?? ''} onChange={(value) => onChange({ range: value === '' || value === 'custom' ? undefined : (value as TimeRange), from: undefined, to: undefined })} options={[['', 'Any time'], ['1h', 'Last hour'], ['24h', 'Last 24 hours'], ['7d', 'Last 7 days'], ['30d', 'Last 30 days'], ...(search.from || search.to ? [['custom', 'Chosen span'] as const] : [])]} />
        <Choice label="Source" value={search.historical ?? ''} onChange={(value) => onChange({ historical: value === 'true' || value === 'false' ? value : undefined })} options={[['', 'Live and history'], ['false', 'Live only'], ['true', 'History only']]} />
        <Choice label="Sort" value={filters.sort} onChange={(value) => onChange({ sort: value === 'lastSeen' ? undefined : (value as AlertSort) })} options={[['lastSeen', 'Last seen'], ['newest', 'Newest'], ['severity', 'Severity']]} />
        {filters.entity && <Chip label="Entity" value={filters.entity} onRemove={() => onChange({ entity: undefined })} />}
        {filters.detector && <Chip label="Detector" value={filters.detector} onRemove={() => onChange({ detector: undefined })} />}
        {filters.from !== null && <Chip label="From" value={<At at={filters.from} />} onRemove={() => onChange({ from: undefined })} />}
        {filters.to !== null && <Chip label="To" value={<At at={filters.to} />} onRemove={() => onChange({ to: undefined })} />}
        {set > 0 && <Button kind="quiet" className="small" onClick={() => { setText(''); onChange({ status: undefined, severity: undefined, entity: undefined, detector: undefined, range: undefined, from: undefined, to: undefined, historical: undefined, q: undefined }); }}>Clear</Button>}
      </div>
    </div>
  );
}

export function Choice({ label, value, options, onChange }: { label: string; value: string; options: ReadonlyArray<readonly [string, string]>; onChange: (value: string) => void }) {
  return (
    <label className="choice"><span className="choice-label">{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>{options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}</select>
      <Icon name="down" size={14} />
    </label>
  );
}

function Chip({ label, value, onRemove }: { label: string; value: React.ReactNode; onRemove: () => void }) {
  return <span className="chip"><span className="faint">{label}</span><span className="clip">{value}</span><button type="button" aria-label={`Remove the filter ${label.toLowerCase()}`} onClick={onRemove}><Icon name="close" size={12} /></button></span>;
}
