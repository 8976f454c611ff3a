import { Link } from '@tanstack/react-router';
import type { Division, DivisionLoad } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { areaColor, useTheme } from '@tashi/shared/theme';
import { Icon, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { territoriesText } from './text';
import { useHandOver } from './useTerritories';

/** Rows shown before somebody asks for all. */
const FEW = 8;
/** Visits of one click, as the server takes them. */
const MOST_HANDED = 200;

/** What follows from a proposal: for each person, each customer who changes hands, and what is planned for them. */
export function Consequences({ division }: { division: Division }) {
  const t = useT(territoriesText);
  const format = useFormat();
  const { hindrance } = division;
  const even = division.deviation_permille <= 50;
  const why = hindrance ? t(`why.${hindrance.kind as 'grain'}`, { name: hindrance.customer?.name ?? '' }) : division.question.by === 'territories' ? t('why.territories') : null;
  const notes = [
    division.without_rule ? t('withoutRule', { count: division.without_rule }) : null,
    division.without_place ? t('withoutPlace', { count: division.without_place }) : null,
    division.left_out ? t('leftOut', { count: division.left_out }) : null,
  ].filter((one) => one !== null);
  return (
    <>
      <div className="terr-verdict">
        <span className={even ? 'st visit' : 'st late'}><Icon name={even ? 'check' : 'warn'} size={14} />{even ? t('even') : t('uneven')}</span>
        <span className="m2">{t('deviation', { percent: format.percent(division.deviation_permille / 1000, 1) })}</span>
        {!even && why ? <p className="m2 s12">{why}</p> : null}
        {notes.map((one) => <p key={one} className="m2 s12">{one}</p>)}
      </div>
      <People division={division} />
      <Barred barred={division.barred} />
      <Moves moves={division.moves} />
      <Planned division={division} />
    </>
  );
}

/** Who would have got somebody he never wants to see, and stays with whom he is. */
function Barred({ barred }: { barred: Division['barred'] }) {
  const t = useT(territoriesText);
  const [all, setAll] = useState(false);
  if (!barred.length) return null;
  const shown = all ? barred : barred.slice(0, FEW);
  return (
    <section className="terr-section">
      <h3>{t('barred')} <span className="m2">{barred.length}</span></h3>
      <table className="tbl terr-table">
        <thead><tr><th>{t('customer')}</th><th>{t('barredWho')}</th><th>{t('barredStays')}</th></tr></thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.customer.id}><td><Link to="/customers/$id" params={{ id: one.customer.id }} className="clip">{one.customer.name}</Link></td><td className="m2">{one.person.name}</td><td>{one.stays?.name ?? t('nobodyYet')}</td></tr>
          ))}
        </tbody>
      </table>
      {shown.length < barred.length ? <button type="button" className="btn sm" onClick={() => setAll(true)}>{t('more', { count: barred.length - shown.length })} · {t('showAll')}</button> : null}
    </section>
  );
}

function People({ division }: { division: Division }) {
  const t = useT(territoriesText);
  const format = useFormat();
  const { mode } = useTheme();
  const most = Math.max(1, ...division.people.flatMap((one) => [one.before.minutes, one.after.minutes, one.share_minutes ?? 0]));
  const hours = (load: DivisionLoad) => format.number(Math.round(load.minutes / 60));
  return (
    <section className="terr-section">
      <h3>{t('consequences')}</h3>
      <table className="tbl terr-table">
        <thead><tr><th>{t('person')}</th><th className="num">{t('customer')}</th><th className="num">{t('load')}</th><th className="num" title={t('kmHint')}>{t('km')}</th></tr></thead>
        <tbody>
          {division.people.map((one, place) => (
            <tr key={one.employee.id}>
              <td>
                <span className="row g6"><i className="terr-swatch" style={{ background: areaColor(mode, place) }} /><b className="clip">{one.employee.name}</b></span>
                <span className="s12 m2">{one.gained || one.lost ? [one.gained ? t('gained', { count: one.gained }) : null, one.lost ? t('lost', { count: one.lost }) : null].filter(Boolean).join(' · ') : t('same')}</span>
                <span className="terr-load two" aria-hidden="true">
                  <i className="old" style={{ width: `${(one.before.minutes / most) * 100}%` }} />
                  <i style={{ width: `${(one.after.minutes / most) * 100}%`, background: areaColor(mode, place) }} />
                </span>
              </td>
              <Change from={format.number(one.before.customers)} to={format.number(one.after.customers)} />
              <Change from={hours(one.before)} to={hours(one.after)} />
              <Change from={format.number(one.before.km)} to={format.number(one.after.km)} />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="s12 m2">{t('kmHint')}</p>
    </section>
  );
}

/** A number before and after; one where it stays. */
function Change({ from, to }: { from: string; to: string }) {
  const t = useT(territoriesText);
  return <td className="num">{from === to ? to : <span title={`${t('before')} ${from} → ${t('after')} ${to}`}><span className="m2">{from} → </span><b>{to}</b></span>}</td>;
}

function Moves({ moves }: { moves: Division['moves'] }) {
  const t = useT(territoriesText);
  const [all, setAll] = useState(false);
  if (!moves.length) return null;
  const shown = all ? moves : moves.slice(0, FEW);
  return (
    <section className="terr-section">
      <h3>{t('moveList')} <span className="m2">{moves.length}</span></h3>
      <table className="tbl terr-table">
        <thead><tr><th>{t('customer')}</th><th>{t('from')}</th><th>{t('to')}</th></tr></thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.customer.id}><td><Link to="/customers/$id" params={{ id: one.customer.id }} className="clip">{one.customer.name}</Link></td><td className="m2">{one.from?.name ?? t('nobodyYet')}</td><td>{one.to.name}</td></tr>
          ))}
        </tbody>
      </table>
      {shown.length < moves.length ? <button type="button" className="btn sm" onClick={() => setAll(true)}>{t('more', { count: moves.length - shown.length })} · {t('showAll')}</button> : null}
    </section>
  );
}

/** What is planned for those who change hands. After the take-over a click hands it over. */
function Planned({ division }: { division: Division }) {
  const t = useT(territoriesText);
  const format = useFormat();
  const canPlan = useCan('task.write');
  const [all, setAll] = useState(false);
  const hand = useHandOver(division.id);
  const { planned } = division;
  const goes = planned.filter((one) => !one.stays);
  const taken = division.status === 'taken';
  if (!planned.length) return taken && hand.isSuccess ? <p className="terr-section m2 row g6" role="status"><Icon name="okCircle" size={14} className="fg-visit" />{t('handedAll')}</p> : null;
  const shown = all ? planned : planned.slice(0, FEW);
  const now = goes.slice(0, MOST_HANDED);
  return (
    <section className="terr-section">
      <h3 className="row g6"><Icon name="plan" size={14} className="fg-late" />{t('planned', { count: planned.length })}</h3>
      <p className="s12 m2">{t(taken ? 'plannedTaken' : 'plannedHint')}</p>
      <ul className="terr-tasks">
        {shown.map((one) => (
          <li key={one.task_id}>
            <span className="clip">{one.customer.name}</span>
            <span className="m2 s12">{format.day(one.day)} · {one.employee.name} → {one.to.name}</span>
            {one.stays ? <Icon name="lock" size={13} className="m3" label={t('plannedStays')} /> : null}
            <Link to="/planning" search={{ person: one.employee.id, day: one.day }} aria-label={t('openPlan', { name: one.employee.name, day: format.day(one.day) })}><Icon name="right" size={14} /></Link>
          </li>
        ))}
      </ul>
      {shown.length < planned.length ? <button type="button" className="btn sm" onClick={() => setAll(true)}>{t('more', { count: planned.length - shown.length })} · {t('showAll')}</button> : null}
      {taken && canPlan && now.length ? (
        <button type="button" className="btn soft terr-hand" disabled={hand.isPending} onClick={() => hand.mutate(now, { onSuccess: () => toast(t('handed', { count: now.length })) })}>
          <Icon name="right" size={15} />{t(hand.isPending ? 'handing' : 'handOver', { count: now.length })}
        </button>
      ) : null}
      {hand.error ? <ProblemView error={hand.error} compact /> : null}
    </section>
  );
}
