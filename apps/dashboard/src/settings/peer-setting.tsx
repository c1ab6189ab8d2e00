import { useQuery } from '@tanstack/react-query';
import { changePeerGroups, peerGroupsQuery, type PeerGroupsView } from '../api/admin.js';
import { useMay } from '../app/session.js';
import { Segmented } from '../ui/form.js';
import { errorText, Failure, Loading } from '../ui/states.js';
import { showToast } from '../ui/toast.js';

const SOURCES: ReadonlyArray<readonly [PeerGroupsView['source'], string]> = [['both', 'Declared, else by behaviour'], ['declared', 'Declared groups'], ['behaviour', 'By behaviour']];

/** Whom entities are held against. */
export function PeerSetting() {
  const may = useMay('detectors.tune');
  const { data, error, refetch } = useQuery(peerGroupsQuery);
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loading label="Loading the peers" />;
  async function choose(source: PeerGroupsView['source']) {
    try {
      await changePeerGroups(data!, source);
      showToast('Changed whom entities are held against');
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <section className="part" aria-labelledby="peer-setting">
      <div className="part-head"><h2 id="peer-setting">Peers</h2>{may ? <Segmented label="Whom entities are held against" value={data.source} options={SOURCES} onChange={(source) => void choose(source)} /> : <span className="dim">{SOURCES.find(([source]) => source === data.source)![1]}</span>}</div>
      <p className="dim">What peers do is where a new entity begins, and what is usual among them is told in a finding. Groups by behaviour are found once a day; each entity takes its peers when its day closes.</p>
    </section>
  );
}
