import { useSearch } from '@tanstack/react-router';
import { useFormat, useT } from '@tashi/shared/i18n';
import { TashiMap, useBasemap } from '@tashi/shared/map';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Consequences } from './Consequences';
import { MovedLegend, useDivisionMarks } from './divisionMarks';
import type { TerritoriesSearch } from './search';
import { territoriesText } from './text';
import { useDivision, useHistory } from './useTerritories';

/** What was taken over, by whom, when and why; each opens into who had whom before and after. */
export function HistoryTab() {
  const t = useT(territoriesText);
  const format = useFormat();
  const basemap = useBasemap();
  const search = useSearch({ from: '/shell/territories' });
  const patch = useSearchPatch<TerritoriesSearch>();
  const list = useHistory();
  const opened = useDivision(search.division);
  const division = search.division ? opened.data : undefined;
  const marks = useDivisionMarks(division);
  return (
    <div className="terr-body">
      <section className="terr-side" aria-label={t('tab.history')}>
        {division ? (
          <>
            <div className="hd">
              <button type="button" className="icb" aria-label={t('back')} title={t('back')} onClick={() => patch({ division: undefined })}><Icon name="left" /></button>
              <span className="cell2 sp"><b className="clip">{division.reason ?? t('tab.history')}</b><span className="sub">{division.taken_by ? t('takenBy', { name: division.taken_by.name }) : ''}{division.taken_at ? ` · ${format.dateTime(division.taken_at)}` : ''}</span></span>
            </div>
            <div className="terr-result"><Consequences division={division} /></div>
          </>
        ) : (
          <>
            <div className="hd"><h2>{t('tab.history')}</h2></div>
            {list.error || opened.error ? <div className="terr-pad"><ProblemView error={list.error ?? opened.error} onRetry={list.refetch} compact /></div> : null}
            {list.isPending ? <SkeletonRows rows={6} height={60} /> : null}
            {list.data?.length === 0 ? <div className="empty terr-pad"><b>{t('takenNone')}</b><p>{t('takenDetail')}</p></div> : null}
            <ul className="terr-list">
              {(list.data ?? []).map((one) => (
                <li key={one.id}>
                  <button type="button" onClick={() => patch({ division: one.id })}>
                    <Icon name="layers" />
                    <span className="terr-lines">
                      <b className="clip">{one.reason ?? t(`by.${one.by}`)}</b>
                      <span className="s12 m2">{one.taken_by ? t('takenBy', { name: one.taken_by.name }) : ''}{one.taken_at ? ` · ${format.dateTime(one.taken_at)}` : ''}</span>
                      <span className="s12 m2">{t('takenMeta', { people: one.people, customers: one.customers, moves: one.moves, percent: format.percent(one.deviation_permille / 1000, 1) })}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      <TashiMap className="terr-map" basemap={basemap} marks={marks} label={t('map')} fit={{ key: division?.id ?? 'none', maxZoom: 14 }} legend={division?.moves.length ? <MovedLegend /> : undefined} />
    </div>
  );
}
