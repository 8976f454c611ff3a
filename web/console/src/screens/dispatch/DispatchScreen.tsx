import { useSearch } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { CandidatePanel } from './CandidatePanel';
import { DispatchMap } from './DispatchMap';
import { Intake } from './Intake';
import { MapFilter } from './MapFilter';
import { RequestList } from './RequestList';
import { RulesDialog } from './RulesDialog';
import type { DispatchSearch } from './search';
import { shownPeople } from './shown';
import { SkillsDialog } from './SkillsDialog';
import { dispatchText } from './text';
import { useCandidates, useDispatchNews, useRequest, useRequests, useSkills } from './useDispatch';
import './dispatch.css';

/** Who goes? Requests left, the people round the place in the middle, each with his reasons right. */
export function DispatchScreen() {
  const t = useT(dispatchText);
  const search = useSearch({ from: '/shell/dispatch' });
  const patch = useSearchPatch<DispatchSearch>();
  const canWrite = useCan('task.write');
  const canRank = useCan('live.read');
  const over = search.show === 'over';
  const requests = useRequests(over);
  useDispatchNews();
  const id = search.request ?? (over ? undefined : requests.data?.[0]?.id);
  const detail = useRequest(id);
  const request = detail.data?.request ?? requests.data?.find((one) => one.id === id);
  // Somebody more is looked for when a dispatcher asks: positions are read for it.
  const [helping, setHelping] = useState<string>();
  const asked = request?.status === 'open' || (request?.status === 'accepted' && helping === id);
  const ranked = useCandidates(id, canRank && asked);
  const people = asked ? ranked.data : undefined;
  const skills = useSkills();
  const shown = useMemo(() => shownPeople(people?.people ?? [], { who: search.who, skill: search.skill, team: search.team }, new Map(skills.data?.map((one) => [one.employee.id, one.skills]))), [people, search.who, search.skill, search.team, skills.data]);
  const choose = (person: string | undefined) => patch({ person }, { replace: true });
  return (
    <div className="dispatch">
      <div className="bar dispatch-bar">
        <span className="seg" role="radiogroup" aria-label={t('show')}>
          {(['live', 'over'] as const).map((one) => (
            <button key={one} type="button" role="radio" aria-checked={over === (one === 'over')} className={over === (one === 'over') ? 'on' : ''} onClick={() => patch({ show: one === 'over' ? 'over' : undefined, request: undefined, person: undefined })}>{t(`show.${one}`)}</button>
          ))}
        </span>
        <span className="sp" />
        <button type="button" className="btn" onClick={() => patch({ open: 'skills' })}><Icon name="users" size={15} />{t('skills')}</button>
        <button type="button" className="btn" onClick={() => patch({ open: 'rules' })}><Icon name="gear" size={15} />{t('rules')}</button>
        {canWrite ? <button type="button" className="btn pri" onClick={() => patch({ open: 'new' })}><Icon name="bolt" size={15} />{t('take')}</button> : null}
      </div>
      <aside className="dispatch-list" aria-label={t('requests')}>
        {requests.error && !requests.data ? <ProblemView error={requests.error} onRetry={() => void requests.refetch()} /> : null}
        {requests.isPending ? <SkeletonRows rows={5} height={84} /> : null}
        {requests.data ? <RequestList rows={requests.data} over={over} chosen={id} onChoose={(request) => patch({ request, person: undefined })} /> : null}
      </aside>
      <div className="dispatch-ground">
        {people?.people.length ? <MapFilter people={people.people} left={shown.length} search={search} patch={(change) => patch(change, { replace: true })} /> : null}
        <DispatchMap request={request} people={people} shown={shown} chosen={search.person} onChoose={choose} />
      </div>
      <section className="dispatch-side">
        {request ? (
          <CandidatePanel
            key={request.id}
            request={request}
            offers={detail.data?.offers ?? []}
            helpers={detail.data?.helpers ?? []}
            helping={helping === id}
            onHelping={(on) => setHelping(on ? id : undefined)}
            ranked={ranked}
            canWrite={canWrite}
            canRank={canRank}
            chosen={search.person}
            onChoose={choose}
          />
        ) : detail.error ? <ProblemView error={detail.error} onRetry={() => void detail.refetch()} /> : (
          <div className="empty dispatch-empty"><Icon name="bolt" size={28} /><b>{t('choose')}</b><p>{t('chooseDetail')}</p></div>
        )}
      </section>
      {search.open === 'new' && canWrite ? <Intake customer={search.customer} onClose={() => patch({ open: undefined, customer: undefined })} onTaken={(request) => patch({ open: undefined, customer: undefined, show: undefined, person: undefined, request })} /> : null}
      {search.open === 'rules' ? <RulesDialog onClose={() => patch({ open: undefined })} /> : null}
      {search.open === 'skills' ? <SkillsDialog onClose={() => patch({ open: undefined })} /> : null}
    </div>
  );
}
