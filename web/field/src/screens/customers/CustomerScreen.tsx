import { useLiveQuery } from 'dexie-react-hooks';
import { useEffect, useRef, useState } from 'react';
import type { Contact, VisitRow } from '@tashi/shared/api';
import { commonText, serverNow, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Badge, GradeTag, Icon, StateText, toast } from '@tashi/shared/ui';
import { localDay } from '../../app/clock.ts';
import { useField, useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, go, useLocation } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { type CustomerRow, type OutboxRow, db } from '../../sync/store.ts';
import { openProblem } from '../../work/record.ts';
import { navigateTo } from '../today/stopActions.ts';
import { isAlways } from '@tashi/shared/plan/hours.ts';
import { hoursText, hoursWords, openNowText } from '@tashi/shared/plan/hoursText.ts';
import { OwnFields } from './OwnFields.tsx';
import { customersText } from './text.ts';

/** Who is this, what happened, what is open, what next? All from the phone. */
export function CustomerScreen({ customerId }: { customerId: string }) {
  const t = useT(customersText);
  const { owner } = useField();
  const row = useLiveQuery(() => db.customers.get([owner, customerId]).then((found) => found ?? null), [owner, customerId]);
  if (row === undefined) return <div className="phone" />;
  if (row === null) return <Page title={t('title')} backTo="/customers"><Empty title={t('gone')} text={t('goneText')} action={<Link className="textlink" to="/customers">{t('toCustomers')}</Link>} /></Page>;
  return <Customer row={row} />;
}

function Customer({ row }: { row: CustomerRow }) {
  const t = useT(customersText);
  const { owner, snapshot } = useField();
  const f = useFormat();
  const { customer } = row;
  const last = snapshot?.checks?.find((one) => one.customer_id === customer.id);
  const task = snapshot?.tasks.find((one) => one.customer.id === customer.id && one.day === localDay(serverNow()) && !['done', 'cancelled', 'skipped'].includes(one.status));
  return (
    <Page
      title={customer.name} sub={customer.address ?? t('noAddress')} backTo="/customers"
      foot={
        <div className="row">
          <button type="button" className="cta" onClick={() => go(task ? `/check-in/${task.id}` : `/check-in-customer/${customer.id}`)}><Icon name="visit" size={22} weight={2} />{t('checkIn')}</button>
          {customer.at ? <button type="button" className="cta sec square" aria-label={t('navigate')} onClick={() => customer.at && void navigateTo(customer.at, customer.name, task ?? null, owner, task?.status === 'on_the_way')}><Icon name="navigate" size={22} /></button> : null}
        </div>
      }
    >
      <OpenNow customer={customer} />
      <Rhythm row={row} />
      {last && last.applicable > 0 ? (
        <p className="card mx row g8" style={{ padding: '12px 14px', marginTop: 8 }}>
          <Icon name={last.failed ? 'warn' : 'okCircle'} size={20} weight={2} className={last.failed ? 'fg-late' : 'fg-visit'} />
          <span>{t('lastCheck', { day: f.dayNear(last.day), percent: f.percent(last.passed / last.applicable) })}<span className="m3"> {last.failed ? t('lastFailed', { count: last.failed }) : t('lastFine')}</span></span>
        </p>
      ) : null}
      <Problems row={row} owner={owner} />
      <h2 className="h3">{t('contacts')}</h2>
      <div className="card list mx">
        {row.contacts.length === 0 ? <p className="li plain m3">{t('noContact')}</p> : row.contacts.map((c) => <ContactRow key={c.id} contact={c} />)}
      </div>
      <h2 className="h3">{t('lastFive')}</h2>
      <div className="card list mx">
        {row.visits.length === 0 ? <p className="li plain m3">{t('noVisits')}</p> : row.visits.map((v) => <PastVisit key={v.id} visit={v} />)}
      </div>
      <h2 className="h3">{t('facts')}</h2>
      <dl className="card mx dl" style={{ padding: 14, marginBottom: 20, font: '14px/22px var(--font)' }}>
        <dt>{t('address')}</dt><dd>{customer.address ?? t('noAddress')}</dd>
        <Hours customer={customer} />
        <dt>{t('className')}</dt><dd className="row g6">{customer.class.name}{customer.grade ? <GradeTag grade={customer.grade} /> : null}</dd>
        <dt>{t('radius')}</dt><dd>{customer.radius_m} m</dd>
        {customer.owner ? <><dt>{t('owner')}</dt><dd>{customer.owner.name}</dd></> : null}
        {customer.code ? <><dt>{t('code')}</dt><dd className="mono">{customer.code}</dd></> : null}
        {customer.note ? <><dt>{t('note')}</dt><dd>{customer.note}</dd></> : null}
        <OwnFields answers={customer.custom} spec={snapshot?.customer_fields} />
      </dl>
    </Page>
  );
}

function OpenNow({ customer }: { customer: CustomerRow['customer'] }) {
  const th = useT(hoursText);
  const f = useFormat();
  const now = useNow(30_000);
  const time = f.time(now);
  const found = openNowText(th, f, customer.hours, localDay(now), Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)));
  return found ? <p style={{ margin: '2px 20px 8px' }}><StateText tone={found.open ? 'visit' : 'late'} icon="clock">{found.text}</StateText></p> : null;
}

function Hours({ customer }: { customer: CustomerRow['customer'] }) {
  const th = useT(hoursText);
  const f = useFormat();
  if (isAlways(customer.hours)) return null;
  return <><dt>{th('title')}</dt><dd>{hoursWords(th, f, customer.hours).map((line) => <div key={line}>{line}</div>)}</dd></>;
}

function Rhythm({ row }: { row: CustomerRow }) {
  const t = useT(customersText);
  const f = useFormat();
  const stays = row.visits.flatMap((v) => v.stay_s ?? []);
  const month = row.visits.filter((v) => serverNow() - Date.parse(v.check_in_at) < 30 * 86_400_000);
  const average = stays.length > 0 ? stays.reduce((a, b) => a + b, 0) / stays.length : null;
  return (
    <section className="card mx" style={{ marginTop: 4 }}>
      <div className="fig">
        <div><b>{month.length}</b><span className="u">{t('times')}</span><br /><span>{t('visits30')}</span></div>
        <div><b>{month.filter((v) => v.effective).length}</b><span className="u">{t('times')}</span><br /><span>{t('effective30')}</span></div>
        <div><b>{f.minutes(average)}</b><span className="u">{t('minutes')}</span><br /><span>{t('avgStay')}</span></div>
      </div>
      <p className="m3" style={{ font: '13px/18px var(--font)', textAlign: 'center', padding: '0 14px 10px' }}>{t('fromPhone', { count: row.visits.length })}</p>
    </section>
  );
}

function Problems({ row, owner }: { row: CustomerRow; owner: string }) {
  const t = useT(customersText);
  const f = useFormat();
  const { query } = useLocation();
  const [adding, setAdding] = useState(query.get('problem') === '1');
  const [words, setWords] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => { if (adding) field.current?.focus(); }, [adding]);
  const known = new Set(row.problems.map((p) => p.id));
  const mine = useLiveQuery(() => db.outbox.where('[owner+status]').anyOf([[owner, 'queued'], [owner, 'receipted']]).filter((one) => isProblem(one, row.id)).toArray(), [owner, row.id]) ?? [];
  const fresh = mine.map((one) => ({ ...(one.body as { problem_id: string; text: string }), at: one.at })).filter((p) => !known.has(p.problem_id));
  const open = row.problems.filter((p) => p.closed_at === null);
  const save = async () => {
    if (!(await saving(openProblem(owner, row.customer, words.trim())))) return;
    setWords('');
    setAdding(false);
    toast(t('problemSaved'));
  };
  return (
    <>
      <h2 className="h3">{t('openProblems')}</h2>
      <div className="card list mx">
        {open.map((p) => <div key={p.id} className="li"><span className="ico fg-late"><Icon name="warn" size={22} /></span><span><b>{p.text}</b><span className="d">{t('openedAt', { day: f.dateTime(p.opened_at), name: p.opened_by.name })}</span></span></div>)}
        {fresh.map((p) => <div key={p.problem_id} className="li"><span className="ico fg-late"><Icon name="warn" size={22} /></span><span><b>{p.text}</b><span className="d">{f.dateTime(p.at)}</span></span><Badge tone="idle" icon="check">{t('unsynced')}</Badge></div>)}
        {open.length + fresh.length === 0 && !adding ? <p className="li plain m3">{t('noProblems')}</p> : null}
        {adding ? (
          <div style={{ padding: 14 }}>
            <label className="fld" style={{ paddingTop: 0 }}><span>{t('problemLabel')}</span><textarea ref={field} rows={2} maxLength={500} value={words} placeholder={t('problemHint')} onChange={(e) => setWords(e.target.value)} style={{ minHeight: 80 }} /></label>
            <button type="button" className="chipbtn" disabled={!words.trim()} style={words.trim() ? undefined : { opacity: 0.55 }} onClick={() => void save()}>{t('problemSave')}</button>
          </div>
        ) : <button type="button" className="textlink" onClick={() => setAdding(true)}><Icon name="plus" size={18} />{t('addProblem')}</button>}
      </div>
    </>
  );
}

const isProblem = (row: OutboxRow, customerId: string) => row.kind === 'problem.open' && (row.body as { customer_id: string }).customer_id === customerId;

function ContactRow({ contact }: { contact: Contact }) {
  const t = useT(customersText);
  const online = useOnline();
  const call = async () => {
    try {
      const { phone } = await client.get<{ phone: string }>('/contacts/{id}/phone', { params: { id: contact.id } });
      location.href = `tel:${phone}`;
    } catch {
      toast(t('callOffline'));
    }
  };
  return (
    <div className="li">
      <span className="ico"><Icon name="user" size={22} /></span>
      <span style={{ minWidth: 0 }}><b className="clip">{contact.name}{contact.primary ? <> <span className="tag">{t('primary')}</span></> : null}</b><span className="d clip" style={{ display: 'block' }}>{[contact.title, contact.phone_masked].filter(Boolean).join('·')}</span></span>
      {contact.phone_masked ? <button type="button" className="ib" aria-label={`${t('call')} ${contact.name}`} disabled={!online} title={online ? undefined : t('callOffline')} style={online ? { color: 'var(--accent)' } : { color: 'var(--ink-3)' }} onClick={() => void call()}><Icon name="phone" size={22} /></button> : null}
    </div>
  );
}

function PastVisit({ visit }: { visit: VisitRow }) {
  const t = useT(customersText);
  const c = useT(commonText);
  const f = useFormat();
  return (
    <div className="li plain">
      <span style={{ minWidth: 0 }}>
        <b>{f.dayNear(visit.day)} <span className="m3" style={{ fontWeight: 400 }}>{f.time(visit.check_in_at)} {visit.employee.name}</span></b>
        <span className="d" style={{ display: 'block' }}>{visit.summary || t('visitFacts', { stay: f.minutes(visit.stay_s), photos: visit.photo_count })}</span>
      </span>
      {visit.effective === null ? <span className="m3">{c('visit.unjudged')}</span> : visit.effective ? <StateText tone="visit" icon="okCircle">{c('visit.effective')}</StateText> : <StateText tone="late" icon="unknownCircle">{c('visit.ineffective')}</StateText>}
    </div>
  );
}
