import { Link } from '@tanstack/react-router';
import type { VisitRow } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { useEffect, useRef } from 'react';
import type { ListState } from '../../kit/useList';
import type { VisitsSearch } from './search';
import { visitsText } from './text';
import { EffectiveWord } from './VisitsScreen';

/** The list one came from stays alive beside the card. */
export function VisitRail({ list, id, search }: { list: ListState<VisitRow>; id: string; search: VisitsSearch }) {
  const t = useT(visitsText);
  const format = useFormat();
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => {
    box.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [id]);
  return (
    <nav className="visit-rail" aria-label={t('list')}>
      <div className="hd">
        <h2>{t('title')}</h2>
        <span className="sub">{list.total === null ? '' : format.number(list.total)}</span>
        <Link to="/visits" search={search} className="end s12">{t('back')}</Link>
      </div>
      {list.pending ? <SkeletonRows rows={8} height={76} /> : null}
      <ul ref={box}>
        {list.rows.map((row) => (
          <li key={row.id}>
            <Link
              to="/visits/$id"
              params={{ id: row.id }}
              search={search}
              replace
              className={row.id === id ? 'visit-item on' : 'visit-item'}
              aria-current={row.id === id || undefined}
              title={row.customer.name}
            >
              <b className="clip">{row.customer.name}</b>
              <span className="s12 m3 clip">{row.employee.name}·{format.day(row.day)} {format.time(row.check_in_at)}</span>
              <span className="s12"><EffectiveWord row={row} /></span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
