import { useSearch } from '@tanstack/react-router';
import { useStreamEvent } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { useQueryClient } from '@tanstack/react-query';
import { useMe } from '../../app/session';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { EventsTab } from './EventsTab';
import { NearTab } from './NearTab';
import { PlacesTab } from './PlacesTab';
import { RoundsTab } from './RoundsTab';
import { FENCE_TABS, type FencesSearch, type FenceTab } from './search';
import { fencesText } from './text';
import './fences.css';

const NEEDS: Record<FenceTab, string> = { places: 'customer.read', events: 'track.read', rounds: 'task.read', near: 'track.audit' };

/** Watched places, what happened at them, rounds, and the search for who was near. */
export function FencesScreen() {
  const t = useT(fencesText);
  const client = useQueryClient();
  const me = useMe();
  const search = useSearch({ from: '/shell/fences' });
  const patch = useSearchPatch<FencesSearch>();
  const tabs = FENCE_TABS.filter((tab) => me.permissions.includes(NEEDS[tab]));
  const tab = search.tab && tabs.includes(search.tab) ? search.tab : tabs[0];
  // Events are told by their day only; what happened is fetched, and written down, when it is looked at.
  useStreamEvent('fence', () => {
    if (tab === 'events') void client.invalidateQueries({ queryKey: ['fence-events'] });
    if (tab === 'rounds') void client.invalidateQueries({ queryKey: ['patrol-days'] });
  });
  return (
    <div className="fences">
      <div className="fences-bar">
        <div className="tabs-row" role="tablist" aria-label={t('title')}>
          {tabs.map((one) => (
            <button key={one} type="button" role="tab" aria-selected={one === tab} className={one === tab ? 'on' : ''} onClick={() => patch({ tab: one === tabs[0] ? undefined : one, fence: undefined })}>{t(`tab.${one}`)}</button>
          ))}
        </div>
      </div>
      {tab === 'places' ? <PlacesTab /> : null}
      {tab === 'events' ? <EventsTab /> : null}
      {tab === 'rounds' ? <RoundsTab /> : null}
      {tab === 'near' ? <NearTab /> : null}
    </div>
  );
}
