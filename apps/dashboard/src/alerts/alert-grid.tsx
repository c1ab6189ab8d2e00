import type { Alert } from '@wary/model/alert.js';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useImperativeHandle, useRef, useSyncExternalStore, type Ref } from 'react';
import { plural, sentence } from '../ui/format.js';
import { SeverityTag } from '../ui/severity.js';
import { Ago } from '../ui/time.js';
import { StatusTag } from './status-tag.js';

export interface GridHandle { focus(): void; toTop(): void }

interface GridProps {
  rows: readonly Alert[]; cursor: string | null; selected: ReadonlySet<string>; openId: string | undefined; empty: boolean; busy: boolean;
  onCursor: (id: string) => void; onOpen: (id: string) => void; onToggle: (id: string) => void; onTouched: (touched: boolean) => void; onEnd: () => void; ref?: Ref<GridHandle>;
}

const ROW_PX = 52;
const CARD_PX = 96;
/** Rows from the end at which the next page is asked for. */
const AHEAD_ROWS = 30;
const narrow = typeof matchMedia === 'function' ? matchMedia('(max-width: 759px)') : null;
const onNarrow = (listener: () => void) => {
  narrow?.addEventListener('change', listener);
  return () => narrow?.removeEventListener('change', listener);
};

/** The virtualised list: whatever its length, only the rows in sight are in the page. The cursor row is the grid's active descendant. */
export function AlertGrid({ rows, cursor, selected, openId, empty, busy, onCursor, onOpen, onToggle, onTouched, onEnd, ref }: GridProps) {
  const box = useRef<HTMLDivElement>(null);
  const touch = useRef({ inside: false, scrolled: false, focused: false });
  const cards = useSyncExternalStore(onNarrow, () => narrow?.matches ?? false);
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => box.current, estimateSize: () => (cards ? CARD_PX : ROW_PX), overscan: 8, getItemKey: (index) => rows[index]!.id,
  });
  useEffect(() => virtual.measure(), [cards, virtual]);

  useImperativeHandle(ref, () => ({
    focus: () => box.current?.focus({ preventScroll: true }),
    toTop: () => box.current?.scrollTo({ top: 0 }),
  }), []);

  const index = cursor === null ? -1 : rows.findIndex(({ id }) => id === cursor);
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
    // Follows the cursor only: rows that stream in must not scroll the list.
  }, [cursor]);

  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastSeen >= rows.length - AHEAD_ROWS) onEnd();
  }, [lastSeen, rows.length, onEnd]);

  const note = (part: Partial<typeof touch.current>) => {
    Object.assign(touch.current, part);
    onTouched(touch.current.inside || touch.current.scrolled || touch.current.focused);
  };

  return (
    <div
      ref={box} className={empty ? 'grid empty-grid' : 'grid'} role="grid" aria-label="Alerts" aria-rowcount={rows.length + 1} aria-multiselectable="true" aria-busy={busy} tabIndex={0}
      aria-activedescendant={index >= 0 && items.some((item) => item.index === index) ? `alert-${rows[index]!.id}` : undefined}
      onPointerEnter={(event) => { if (event.pointerType === 'mouse') note({ inside: true }); }} onPointerLeave={() => note({ inside: false })}
      onFocus={() => note({ focused: true })} onBlur={() => note({ focused: false })}
      onScroll={(event) => note({ scrolled: event.currentTarget.scrollTop > 4 })}
    >
      <div className="grid-head" role="row" aria-rowindex={1}>
        <span role="columnheader"><span className="visually-hidden">Selected</span></span>
        <span role="columnheader">Severity</span>
        <span role="columnheader">Alert</span>
        <span role="columnheader">Entity</span>
        <span role="columnheader">Status</span>
        <span role="columnheader">Assignee</span>
        <span role="columnheader" className="right">Last seen</span>
      </div>
      <div className="grid-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const alert = rows[item.index]!;
          return <Row key={alert.id} alert={alert} index={item.index} top={item.start} active={alert.id === cursor} open={alert.id === openId} selected={selected.has(alert.id)} onCursor={onCursor} onOpen={onOpen} onToggle={onToggle} />;
        })}
      </div>
    </div>
  );
}

interface RowProps { alert: Alert; index: number; top: number; active: boolean; open: boolean; selected: boolean; onCursor: (id: string) => void; onOpen: (id: string) => void; onToggle: (id: string) => void }

const Row = memo(function Row({ alert, index, top, active, open, selected, onCursor, onOpen, onToggle }: RowProps) {
  const done = alert.status === 'resolved' || alert.status === 'suppressed';
  return (
    <div
      id={`alert-${alert.id}`} role="row" aria-rowindex={index + 2} aria-selected={selected} data-alert={alert.id}
      className={`grid-row${active ? ' active' : ''}${open ? ' open' : ''}${selected ? ' selected' : ''}${done ? ' done' : ''}`} style={{ transform: `translateY(${top}px)` }}
      onClick={() => { onCursor(alert.id); onOpen(alert.id); }}
    >
      <span role="gridcell" className="cell-check" onClick={(event) => event.stopPropagation()}>
        <label className="check-target"><input type="checkbox" tabIndex={-1} checked={selected} onChange={() => { onCursor(alert.id); onToggle(alert.id); }} aria-label={`Select ${alert.title}`} /></label>
      </span>
      <span role="gridcell" className="cell-severity"><SeverityTag severity={alert.severity} /></span>
      <span role="gridcell" className="cell-title">
        <span className="title clip">{alert.title}</span>
        {alert.findingCount > 1 && <span className="count" title={plural(alert.findingCount, 'finding')}>×{alert.findingCount}</span>}
        {alert.historical && <span className="tag">History</span>}
        <span className="summary clip">{alert.explanation.summary}</span>
      </span>
      <span role="gridcell" className="cell-entity"><span className="mono clip">{alert.entity.id}</span><span className="faint">{sentence(alert.entity.type)}</span></span>
      <span role="gridcell" className="cell-status"><StatusTag status={alert.status} /></span>
      <span role="gridcell" className="cell-assignee clip">{alert.assignee ?? <span className="faint">Nobody</span>}</span>
      <span role="gridcell" className="cell-time right"><Ago at={alert.lastSeen} /></span>
    </div>
  );
});
