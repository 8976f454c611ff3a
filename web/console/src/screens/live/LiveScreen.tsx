import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useStreamStatus, type Id } from '@tashi/shared/api';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useCallback, useMemo } from 'react';
import { useCan } from '../../app/session';
import { SearchField } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees } from '../../kit/refs';
import { useShortcuts } from '../../kit/shortcuts';
import { useStored } from '../../kit/stored';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { COUNT_KEYS, countOf, filterPeople, groupPeople, type CountKey } from './board';
import { Counts } from './Counts';
import { DEFAULT_LAYERS, LiveMap, type LiveLayers } from './LiveMap';
import { MapChips } from './MapChips';
import { PeopleList } from './PeopleList';
import { PersonDrawer } from './PersonDrawer';
import type { LiveSearch } from './search';
import { liveText } from './text';
import { useLiveBoard } from './useLiveBoard';
import './live.css';

/** Where is everybody, and whom must I look at? List, map and drawer are one selection. */
export function LiveScreen() {
  const t = useT(liveText);
  const search = useSearch({ from: '/shell/live' });
  const patch = useSearchPatch<LiveSearch>();
  const navigate = useNavigate();
  const board = useLiveBoard(search.department);
  const employees = useActiveEmployees();
  const canAssign = useCan('task.write');
  const [layers, setLayers] = useStored<LiveLayers>('tashi.live.layers', DEFAULT_LAYERS);
  const state = COUNT_KEYS.find((key) => key === search.state);

  const known = useMemo(() => new Map(employees.data?.map((one) => [one.id, one])), [employees.data]);
  const people = board.data?.people;
  const shown = useMemo(() => filterPeople(people ?? [], state, search.q, known), [people, state, search.q, known]);
  const groups = useMemo(() => groupPeople(shown), [shown]);
  const selected = people?.find((person) => person.employee.id === search.person) ?? null;
  const onDuty = countOf(people ?? [], 'duty');

  const select = useCallback((id: Id | undefined) => patch({ person: id }, { replace: true }), [patch]);
  const step = (by: 1 | -1) => {
    const order = groups.flatMap((group) => group.people.map((person) => person.employee.id));
    const at = order.indexOf(search.person ?? '');
    const next = order[at < 0 ? 0 : Math.max(0, Math.min(order.length - 1, at + by))];
    if (next) select(next);
  };
  useShortcuts([
    { keys: 'j', label: t('next'), run: () => step(1) },
    { keys: 'k', label: t('previous'), run: () => step(-1) },
    ...(canAssign ? [{ keys: 'a', label: t('assignTo'), run: () => void navigate({ to: '/tasks', search: { create: '1', person: search.person } }) }] : []),
  ]);

  return (
    <div className="live-screen">
      <section className="live-list" aria-label={t('people')}>
        <Counts people={people} chosen={state} onChoose={(next: CountKey | undefined) => patch({ state: next })} />
        <div className="live-find">
          <SearchField value={search.q} onChange={(q) => patch({ q }, { replace: true })} placeholder={t('search')} width={284} />
        </div>
        <StreamRibbon />
        {board.error && !people ? <div className="live-pad"><ProblemView error={board.error} onRetry={board.refetch} /></div> : null}
        {board.isPending ? <SkeletonRows rows={12} height={53} /> : null}
        {people && people.length === 0 ? (
          <div className="empty live-pad">
            <b>{t('nobody')}</b>
            <p>{t('nobodyDetail')}</p>
            <Link to="/people" className="btn">{t('toPeople')}</Link>
          </div>
        ) : null}
        {people && people.length > 0 && onDuty === 0 && !search.q ? (
          <div className="live-pad live-off">
            <b>{t('noneOnDuty')}</b>
            <p className="m2">{t('noneOnDutyDetail')}</p>
            <Link to="/settings/$section" params={{ section: 'calendars' }} className="btn sm">{t('toCalendars')}</Link>
          </div>
        ) : null}
        {people && people.length > 0 && shown.length === 0 ? (
          <div className="empty live-pad">
            <b>{t('noMatch')}</b>
            <button type="button" className="btn" onClick={() => patch({ q: undefined, state: undefined })}>{t('clear')}</button>
          </div>
        ) : null}
        {shown.length ? <PeopleList groups={groups} selected={search.person ?? null} onSelect={select} /> : null}
      </section>
      <LiveMap
        people={shown}
        selected={selected}
        layers={layers}
        department={search.department}
        drawerOpen={!!selected}
        at={board.data?.at}
        onHit={(hit) => {
          if (hit.kind === 'person') select(hit.id);
          if (hit.kind === 'customer') void navigate({ to: '/customers/$id', params: { id: hit.id } });
        }}
      >
        <MapChips
          department={search.department}
          onDepartment={(department) => patch({ department, person: undefined })}
          onDuty={onDuty}
          layers={layers}
          onLayers={setLayers}
        />
      </LiveMap>
      {selected ? <PersonDrawer key={selected.employee.id} person={selected} onClose={() => select(undefined)} /> : null}
    </div>
  );
}

/** Says that the stream is down; nothing is hidden and ages keep counting. */
function StreamRibbon() {
  const t = useT(liveText);
  const format = useFormat();
  const { state, lastMessageAt } = useStreamStatus();
  useNow(1000);
  if (state !== 'lost') return null;
  const seconds = lastMessageAt === null ? null : Math.max(0, Math.round((Date.now() - lastMessageAt) / 1000));
  return (
    <p className="live-ribbon" role="status">
      <Icon name="noNetwork" size={15} weight={2} />
      <span>{seconds === null ? t('lostNow') : t('lost', { seconds: format.number(seconds) })}</span>
    </p>
  );
}
