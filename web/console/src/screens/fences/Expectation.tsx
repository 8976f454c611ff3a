import { useQuery } from '@tanstack/react-query';
import { api, type FenceExpectations } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { useEffect, useState } from 'react';
import { fencesText } from './text';

/** How often a radius will be wrong, by accuracy: seen before it is saved. */
export function Expectation({ radiusM }: { radiusM: number }) {
  const t = useT(fencesText);
  const format = useFormat();
  const [radius, setRadius] = useState(radiusM);
  useEffect(() => {
    const timer = setTimeout(() => setRadius(radiusM), 200);
    return () => clearTimeout(timer);
  }, [radiusM]);
  const found = useQuery({
    queryKey: ['fences', 'expectation', radius],
    queryFn: ({ signal }) => api.get<FenceExpectations>('/fences/expectation', { query: { radius_m: radius }, signal }),
    placeholderData: (old) => old,
    staleTime: Infinity,
  });
  const cell = (share: number) => (
    <>
      <span className={share > 0.3 ? 'bar bad' : 'bar'} style={{ width: `${Math.round(share * 48)}px` }} />
      {share > 0 && share < 0.001 ? `<${format.percent(0.001, 1)}` : format.percent(share, 1)}
    </>
  );
  return (
    <div className="map-field">
      <span>{t('expect')}</span>
      <table className="tbl fences-expect">
        <thead><tr><th>{t('accuracy')}</th><th>{t('falseAlarm')}</th><th>{t('missed')}</th></tr></thead>
        <tbody>
          {(found.data?.items ?? []).map((one) => (
            <tr key={one.accuracy_m}><td>{one.accuracy_m} m</td><td>{cell(one.false_alarm)}</td><td>{cell(one.missed)}</td></tr>
          ))}
        </tbody>
      </table>
      <span className="m3 s12">{t('expectHint')}</span>
    </div>
  );
}
