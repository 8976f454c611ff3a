import { useLiveQuery } from 'dexie-react-hooks';
import { useDeferredValue, useMemo, useState } from 'react';
import { useFormat, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useField } from '../../app/context.tsx';
import { distanceM } from '@tashi/shared/geo/measure.ts';
import { usePosition } from '../../location/here.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link } from '../../shell/router.tsx';
import { type CustomerRow, db } from '../../sync/store.ts';
import { nearestFirst } from '../../work/day.ts';
import { fits } from './search.ts';
import { customersText } from './text.ts';

/** What the list is for: looking, an unplanned visit, or noting a problem. */
export type ListPurpose = 'look' | 'visit' | 'problem';

const PAGE = 60;

/** All customers on the phone; with a purpose, a tap goes on to it. */
export function CustomersScreen({ purpose }: { purpose: ListPurpose }) {
  const t = useT(customersText);
  const { owner } = useField();
  const [words, setWords] = useState('');
  const [shown, setShown] = useState(PAGE);
  const query = useDeferredValue(words);
  const { fix } = usePosition(purpose !== 'look');
  const rows = useLiveQuery(() => db.customers.where('owner').equals(owner).toArray(), [owner]);
  const found = useMemo(() => {
    const active = (rows ?? []).filter((row) => row.customer.status !== 'archived' && fits({
      name: row.customer.name, code: row.customer.code, address: row.customer.address, phones: row.contacts.flatMap((c) => c.phone_masked ?? []),
    }, query));
    const byName = active.sort((a, b) => a.customer.name.localeCompare(b.customer.name, 'zh-Hans-CN-u-co-pinyin'));
    return fix ? nearestFirst(byName.map((row) => ({ row, at: row.customer.at })), fix.at).map((x) => x.row) : byName;
  }, [rows, query, fix]);
  const target = (row: CustomerRow) => (purpose === 'visit' ? `/check-in-customer/${row.id}` : purpose === 'problem' ? `/customers/${row.id}?problem=1` : `/customers/${row.id}`);
  const main = purpose === 'look';
  return (
    <Page
      title={main ? t('title') : t(purpose === 'visit' ? 'newVisit' : 'newProblem')} backTo={main ? undefined : '/'} tabs={main}
      sub={main ? (rows ? t('count', { count: rows.length }) : undefined) : t(purpose === 'visit' ? 'choose' : 'chooseProblem')}
      head={
        <div className="mx" style={{ position: 'relative', flex: 'none', marginBottom: 8 }} role="search">
          <Icon name="search" size={20} className="m3 search-icon" />
          <input className="in48" style={{ paddingLeft: 44, paddingRight: 48 }} type="search" aria-label={t('searchLabel')} placeholder={t('search')} value={words} onChange={(e) => { setWords(e.target.value); setShown(PAGE); }} />
          {words ? <button type="button" className="ib" style={{ position: 'absolute', right: 2, top: 2 }} aria-label={t('clear')} onClick={() => setWords('')}><Icon name="close" size={20} /></button> : null}
        </div>
      }
    >
      {rows === undefined ? <SkeletonRows rows={8} height={64} /> : null}
      {rows?.length === 0 ? <Empty title={t('emptyTitle')} text={t('emptyText')} /> : null}
      {rows && rows.length > 0 && found.length === 0 ? <Empty title={t('noneTitle', { q: query })} text={t('noneText')} /> : null}
      {found.length > 0 ? (
        <ul className="card list mx" aria-label={t('list')} style={{ marginBottom: 16 }}>
          {found.slice(0, shown).map((row) => <Row key={row.id} row={row} to={target(row)} metres={fix && row.customer.at ? distanceM(fix.at, row.customer.at) : null} />)}
        </ul>
      ) : null}
      {found.length > shown ? <button type="button" className="textlink" onClick={() => setShown(shown + 200)}>{t('count', { count: found.length - shown })}<Icon name="down" size={18} /></button> : null}
    </Page>
  );
}

function Row({ row, to, metres }: { row: CustomerRow; to: string; metres: number | null }) {
  const t = useT(customersText);
  const f = useFormat();
  const { customer } = row;
  const open = row.problems.filter((p) => p.closed_at === null).length;
  return (
    <li>
      <Link className="li" to={to}>
        <span className="ico"><GradeTag grade={customer.grade} /></span>
        <span style={{ minWidth: 0 }}>
          <b className="clip" style={{ display: 'block' }}>{customer.name}</b>
          <span className="d clip" style={{ display: 'block' }}>{open > 0 ? <span className="fg-late">{t('problems', { count: open })}·</span> : null}{customer.address ?? (customer.last_visit_day ? t('lastVisit', { day: f.dayNear(customer.last_visit_day) }) : t('neverVisited'))}</span>
        </span>
        <span className="w">{metres !== null ? f.distance(metres) : null}<br />{customer.last_visit_day ? f.dayAge(customer.last_visit_day) : ''}</span>
      </Link>
    </li>
  );
}
