import { useState } from 'react';

/** The figures of a chart as a table: for screen readers, for copying, for whoever prefers figures. */
export function ChartTable({ caption, head, rows }: { caption: string; head: readonly string[]; rows: ReadonlyArray<readonly string[]> }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="twin" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show as a table</summary>
      {open && (
        <div className="table-box tall" tabIndex={0} role="region" aria-label={caption}>
          <table className="table">
            <caption className="visually-hidden">{caption}</caption>
            <thead><tr>{head.map((text, index) => <th key={text} scope="col" className={index === 0 ? '' : 'right'}>{text}</th>)}</tr></thead>
            <tbody>{rows.map((row, index) => <tr key={index}>{row.map((cell, column) => (column === 0 ? <th key={column} scope="row">{cell}</th> : <td key={column} className="right mono">{cell}</td>))}</tr>)}</tbody>
          </table>
        </div>
      )}
    </details>
  );
}
