import { useSearch } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { useCan } from '../../app/session';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { AreasTab } from './AreasTab';
import { DivideTab } from './DivideTab';
import { HistoryTab } from './HistoryTab';
import { TERRITORY_TABS, type TerritoriesSearch } from './search';
import { territoriesText } from './text';
import './territories.css';

/** Who looks after which customers: as it is, as it could be, and how it came about. */
export function TerritoriesScreen() {
  const t = useT(territoriesText);
  const search = useSearch({ from: '/shell/territories' });
  const patch = useSearchPatch<TerritoriesSearch>();
  const canWrite = useCan('customer.write');
  const tabs = TERRITORY_TABS.filter((tab) => tab === 'areas' || canWrite);
  const tab = search.tab && tabs.includes(search.tab) ? search.tab : 'areas';
  return (
    <div className="terr">
      <div className="terr-bar">
        <div className="tabs-row" role="tablist" aria-label={t('title')}>
          {tabs.map((one) => (
            <button key={one} type="button" role="tab" aria-selected={one === tab} className={one === tab ? 'on' : ''} onClick={() => patch({ tab: one === 'areas' ? undefined : one, territory: undefined, division: undefined })}>{t(`tab.${one}`)}</button>
          ))}
        </div>
      </div>
      {tab === 'areas' ? <AreasTab /> : tab === 'divide' ? <DivideTab /> : <HistoryTab />}
    </div>
  );
}
