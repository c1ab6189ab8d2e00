import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { changeDetector, detectorsQuery, type DetectorView } from '../api/admin.js';
import { useMay } from '../app/session.js';
import { Button } from '../ui/button.js';
import { formatShare, plural, sentence } from '../ui/format.js';
import { errorText, Failure, Loading } from '../ui/states.js';
import { showToast } from '../ui/toast.js';
import { CatalogueMatrix } from './catalogue-matrix.js';
import { DetectorForm } from './detector-form.js';
import { PageHead } from './page-head.js';

export function DetectorsPage() {
  const may = useMay('detectors.tune');
  const query = useQuery(detectorsQuery);
  const [tuned, setTuned] = useState<DetectorView | null>(null);
  async function toggle(detector: DetectorView) {
    try {
      await changeDetector(detector, { enabled: !detector.enabled });
      showToast(`${detector.enabled ? 'Switched off' : 'Switched on'}: ${detector.name}`);
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <>
      <PageHead title="Detectors" text="What looks at the events. Changes hold from the next event on and are audited." />
      {query.error && !query.data ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : !query.data ? <Loading label="Loading the detectors" /> : (
        <ul className="cards detectors" aria-label="Detectors">
          {query.data.items.map((detector) => (
            <li key={detector.id} className={detector.enabled ? '' : 'off'}>
              <div className="grow detector">
                <h2>{detector.name}<span className="tag">{sentence(detector.type)}</span>{!detector.enabled && <span className="tag bad">Off</span>}</h2>
                <p>{detector.description}</p>
                <p className="dim small-text">Cannot see: {detector.blindSpots}</p>
                <p className="facts-line dim">
                  <Precision precision={detector.precision} />
                  {detector.type === 'behavioral' && <span>weight {detector.weight.value}{detector.weight.value !== detector.weight.default && ' (changed)'}{Math.abs(detector.weight.learned - 1) > 0.005 && ` × ${detector.weight.learned.toFixed(2)} by verdicts`}</span>}
                  <span>{detector.techniques.map(({ id }) => id).join(', ')}</span>
                  <Link className="link" to="/alerts" search={{ detector: detector.id, status: 'any' }}>Its alerts</Link>
                </p>
              </div>
              {may && <div className="row-actions">
                <Button className="small" aria-label={`Tune ${detector.name}`} onClick={() => setTuned(detector)}>Tune</Button>
                <Link className="button plain small" aria-label={`Try a change of ${detector.name}`} to="/settings/detectors/$id/backtest" params={{ id: detector.id }}><span>Try</span></Link>
                <Button className="small" aria-label={`${detector.enabled ? 'Switch off' : 'Switch on'} ${detector.name}`} onClick={() => void toggle(detector)}>{detector.enabled ? 'Switch off' : 'Switch on'}</Button>
              </div>}
            </li>
          ))}
        </ul>
      )}
      <CatalogueMatrix />
      {tuned && <DetectorForm detector={tuned} onClose={() => setTuned(null)} />}
    </>
  );
}

function Precision({ precision }: { precision: DetectorView['precision'] }) {
  if (!precision) return <span>no verdicts yet</span>;
  return <span>{formatShare(precision.value)} confirmed of {plural(precision.judged, 'verdict')} (likely {formatShare(precision.low)}–{formatShare(precision.high)})</span>;
}
