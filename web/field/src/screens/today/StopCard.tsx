import { useEffect, useRef } from 'react';
import type { VisitRow } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { whyText } from '@tashi/shared/plan/words.ts';
import { GradeTag, Icon } from '@tashi/shared/ui';
import { SkipKept, VisitKept } from '../../shell/KeptBadge.tsx';
import { Link } from '../../shell/router.tsx';
import { type Stop, isClosed, matesOf } from '../../work/day.ts';
import { stayS } from '../../work/visit.ts';
import { todayText } from './text.ts';

export interface StopCardProps {
  stop: Stop;
  /** Metres of the leg that leads here, by plan. */
  legM: number | null;
  /** The server's row of this visit, when it has judged it. */
  judged: VisitRow | null;
  problem: string | null;
  lastVisitDay: string | null;
  highlighted: boolean;
  /** Leaving it out waits for an approval. */
  skipWaits: boolean;
  /** Leaving it out was sent back by whoever decides. */
  skipReturned: boolean;
  now: number;
  onOpen: () => void;
}

export function StopCard({ stop, legM, judged, problem, lastVisitDay, highlighted, skipWaits, skipReturned, now, onOpen }: StopCardProps) {
  const t = useT(todayText);
  const f = useFormat();
  const { task, status, visit } = stop;
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (highlighted) void card.current?.scrollIntoView({ block: 'nearest' });
  }, [highlighted]);
  const off = status === 'skipped' || status === 'cancelled';
  const kind = highlighted ? 'now' : status === 'done' ? 'done' : off ? 'off' : '';
  return (
    <li ref={card} className={`stop ${kind}`}>
      <button type="button" className="hit" aria-label={t('stopActions', { seq: task.seq, name: task.customer.name })} onClick={onOpen} />
      <span className="no" aria-hidden="true">{task.seq}</span>
      <div style={{ minWidth: 0 }}>
        <div className="n">
          {task.customer.grade && !isClosed(status) ? <GradeTag grade={task.customer.grade} /> : null}
          <span className="clip">{task.customer.name}</span>
        </div>
        <SecondLine stop={stop} judged={judged} now={now} />
        <Mates stop={stop} />
        {visit ? <div className="kept"><VisitKept visit={visit} /></div> : status === 'skipped' ? <div className="kept"><SkipKept taskId={task.id} /></div> : null}
        {skipWaits && !isClosed(status) ? <div className="d row fg-late"><Icon name="clock" size={15} />{t('skipWaits')}</div> : null}
        {skipReturned && !skipWaits && !isClosed(status) ? <div className="d row fg-late"><Icon name="undo" size={15} />{t('skipReturned')}</div> : null}
      </div>
      <RightSide stop={stop} legM={legM} checkOutAt={visit?.check_out_at ?? judged?.check_out_at ?? null} />
      {highlighted && !isClosed(status) ? (
        <div className="more">
          {problem ? <span className="row g4 clip"><Icon name="warn" size={15} className="fg-late" /><span className="clip">{problem}</span></span> : null}
          {lastVisitDay ? <span className="row g4"><Icon name="clock" size={15} />{t('lastVisit', { day: f.dayNear(lastVisitDay) })}</span> : null}
          <Link to={`/customers/${task.customer.id}`}>{t('customer360')}</Link>
        </div>
      ) : null}
    </li>
  );
}

/** Who comes along, and whether he is there already, as of the last time the phone was told. */
function Mates({ stop: { task, status } }: { stop: Stop }) {
  const t = useT(todayText);
  const f = useFormat();
  const mates = matesOf(task);
  if (!mates.length || isClosed(status)) return null;
  const word = (one: (typeof mates)[number]) =>
    one.status === 'on_site' ? t('mateThere', { name: one.employee.name }) : one.status === 'on_the_way' ? t('mateComes', { name: one.employee.name }) : one.status === 'done' ? t('mateDone', { name: one.employee.name }) : one.employee.name;
  return <div className="d row"><Icon name="users" size={15} /><span className="clip">{t('with', { names: f.names(mates.map(word)) })}</span></div>;
}

function SecondLine({ stop: { task, status, visit }, judged, now }: { stop: Stop; judged: VisitRow | null; now: number }) {
  const t = useT(todayText);
  const c = useT(planChangeText);
  const f = useFormat();
  if (status === 'done') {
    const minutes = f.minutes(judged?.stay_s ?? (visit ? stayS(visit, now) : null));
    const photos = Math.max(judged?.photo_count ?? 0, visit?.photos.length ?? 0);
    if (judged?.effective === false) return <div className="d row fg-late"><Icon name="unknownCircle" size={15} weight={2} />{t('ineffectiveResult', { minutes })}</div>;
    if (judged?.effective) return <div className="d row fg-visit"><Icon name="okCircle" size={15} weight={2} />{t('effectiveResult', { minutes, photos })}</div>;
    return <div className="d row"><Icon name="check" size={15} weight={2} />{t('result', { minutes, photos })}</div>;
  }
  if (status === 'on_site' && visit) {
    return <div className="d row fg-visit"><Icon name="store" size={15} />{t('inShopSince', { time: f.time(visit.check_in.at), minutes: f.minutes(stayS(visit, now)) })}</div>;
  }
  if (status === 'skipped') return <div className="d clip">{task.reason_code || task.reason ? whyText(c, task.reason_code, task.reason) : t('skipped')}</div>;
  if (task.note) return <div className="d row"><Icon name="info" size={15} /><span className="clip">{task.note}</span></div>;
  const window = f.window(task.window);
  return <div className="d clip">{task.customer.address ? t('addressWindow', { address: task.customer.address, window }) : t('window', { window })}</div>;
}

function RightSide({ stop: { task, status, distance, arrived }, legM, checkOutAt }: { stop: Stop; legM: number | null; checkOutAt: string | null }) {
  const t = useT(todayText);
  const f = useFormat();
  if (status === 'done') return <div className="t m3" style={{ fontWeight: 500 }}>{checkOutAt ? f.time(checkOutAt) : null}<small>{t('checkedOut')}</small></div>;
  if (status === 'skipped' || status === 'cancelled') return <div className="t m3" style={{ fontWeight: 500 }}>—<small>{t(status)}</small></div>;
  if (status === 'on_site') return <div className="t fg-visit">{t('inShop')}</div>;
  if (arrived) return <div className="t fg-visit">{f.distance(distance)}<small className="fg-visit">{t('arrived')}</small></div>;
  return (
    <div className="t">
      {task.eta ? f.time(task.eta) : f.minuteOfDay(task.window.from_minute)}
      <small className={status === 'overdue' ? 'fg-late' : undefined}>{status === 'overdue' ? t('overdue') : f.distance(distance ?? legM)}</small>
    </div>
  );
}
