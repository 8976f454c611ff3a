import { Suspense, lazy, useEffect, useState } from 'react';
import type { Finding, FindingEvent, FindingReason, Page as PageOf, TruthBand, TruthCard } from '@tashi/shared/api';
import { stream, toProblem } from '@tashi/shared/api';
import { commonText, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, type IconName, SkeletonRows, problemText, toast, toastProblem } from '@tashi/shared/ui';
import { useCached } from '../../app/cached.ts';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link } from '../../shell/router.tsx';
import { db } from '../../sync/store.ts';
import { useLiveQuery } from 'dexie-react-hooks';
import { PhotoPairs } from './PhotoPair.tsx';
import { truthText } from './text.ts';

const TruthMap = lazy(() => import('./TruthMap.tsx'));

const LOOK: Record<TruthBand, { tone: string; icon: IconName }> = {
  red: { tone: 'fg-problem', icon: 'warn' },
  amber: { tone: 'fg-late', icon: 'info' },
  green: { tone: 'fg-visit', icon: 'okCircle' },
  grey: { tone: 'fg-silent', icon: 'unknownCircle' },
};
const REASONS: FindingReason[] = ['metro', 'new_phone', 'joint_visit', 'phone_lent', 'indoors', 'vpn', 'map_pin_wrong', 'no_network', 'drop_off', 'other'];

/** Fetches again when something was found, said or decided. */
function useFindingNews(refresh: () => Promise<void>): void {
  useEffect(() => stream.on('finding', () => void refresh()), [refresh]);
}

/** What of my records needs a word? */
export function TruthListScreen() {
  const t = useT(truthText);
  const f = useFormat();
  const list = useCached('findings', () => client.get<PageOf<Finding>>('/me/findings', { query: { limit: 50 } }));
  useFindingNews(list.refresh);
  return (
    <Page title={t('title')} sub={t('sub')} backTo="/me">
      {list.data === undefined || (list.data === null && !list.problem && navigator.onLine) ? <SkeletonRows rows={4} height={72} /> : null}
      {list.data === null && (list.problem || !navigator.onLine) ? <Empty title={t('offline')} /> : null}
      {list.data?.items.length === 0 ? <Empty title={t('none')} text={t('noneText')} /> : null}
      {list.data?.items.length ? (
        <ul className="card list mx" style={{ marginBottom: 16 }}>
          {list.data.items.map((finding) => (
            <li key={finding.id}>
              <Link className="li" to={finding.visit_id ? `/truth/${finding.visit_id}` : '/truth'}>
                <span className={`ico ${LOOK[finding.band].tone}`}><Icon name={LOOK[finding.band].icon} size={22} /></span>
                <span style={{ minWidth: 0 }}><b>{finding.title}</b><span className="d" style={{ display: 'block' }}>{f.dayWeek(finding.day)}·{t(`status.${finding.status}`)}</span></span>
                <Icon name="right" size={20} className="m3" />
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
    </Page>
  );
}

/** The same card the manager sees, and the place to answer. */
export function TruthCardScreen({ visitId }: { visitId: string }) {
  const t = useT(truthText);
  const common = useT(commonText);
  const f = useFormat();
  const card = useCached(`truth/${visitId}`, () => client.get<TruthCard>('/me/visits/{id}/truth', { params: { id: visitId } }));
  useFindingNews(card.refresh);
  const { data } = card;
  const visit = data?.visit;
  return (
    <Page title={visit?.customer.name ?? t('card')} sub={visit ? `${f.dayWeek(visit.day)} ${f.time(visit.check_in_at)}` : t('card')} backTo="/truth">
      {data === undefined || (data === null && !card.problem && navigator.onLine) ? <SkeletonRows rows={4} height={88} /> : null}
      {data === null && (card.problem || !navigator.onLine) ? <Empty title={t('offline')} /> : null}
      {data && visit ? (
        <>
          <div className={`say mx ${data.band === 'red' ? 'problem' : data.band === 'amber' ? 'late' : ''}`} style={{ marginTop: 4 }}>
            <Icon name={LOOK[data.band].icon} size={24} />
            <div>
              <b>{t(`band.${data.band}`)}</b>
              {f.dots([t('grade', { grade: data.grade }), visit.effective === null ? t('wait') : visit.effective ? t('counts') : t('notCounts', { reasons: f.names(visit.ineffective_reasons.map((reason) => common(`reason.${reason}`))) })])}
            </div>
          </div>
          {data.customer_at || data.check_in_at ? (
            <div className="card mx" style={{ marginTop: 10, height: 190, overflow: 'hidden', position: 'relative' }}>
              <Suspense fallback={null}><TruthMap card={data} label={t('map')} /></Suspense>
            </div>
          ) : null}
          {data.findings.map((finding) => <One key={finding.id} finding={finding} events={data.events.filter((event) => event.finding_id === finding.id)} onSaid={card.refresh} />)}
          <Times card={data} />
          {data.speaks_for.length ? (
            <>
              <h2 className="h3">{t('speaksFor')}</h2>
              <ul className="card mx" style={{ padding: '8px 14px', marginBottom: 16 }}>
                {data.speaks_for.map((words) => <li key={words} className="row g6" style={{ padding: '5px 0' }}><Icon name="okCircle" size={18} weight={2} className="fg-visit" />{words}</li>)}
              </ul>
            </>
          ) : null}
        </>
      ) : null}
    </Page>
  );
}

/** When it certainly was, and what this phone signed of it. */
function Times({ card }: { card: TruthCard }) {
  const t = useT(truthText);
  const f = useFormat();
  const [from, to] = card.taken_between;
  const { sealed, failed, unsigned } = card.seals ?? { sealed: 0, failed: 0, unsigned: 0 };
  const signs = f.dots([sealed ? t('signed', { count: sealed }) : null, failed ? t('signFailed', { count: failed }) : null, unsigned ? t('unsigned', { count: unsigned }) : null]);
  return (
    <section className="card mx" style={{ marginTop: 10, padding: '10px 14px' }} aria-label={t('photosBetween')}>
      <p className="row g6"><Icon name="clock" size={18} className="m3" />{t('between', { from: f.timeSeconds(from), to: f.timeSeconds(to) })}</p>
      {card.photos?.map((photo) => (
        <p key={photo.id} className="m2" style={{ font: '13px/20px var(--font)', paddingLeft: 24 }}>
          {photo.taken_between ? t('photoBetween', { time: f.timeSeconds(photo.taken_at), from: f.timeSeconds(photo.taken_between[0]), to: f.timeSeconds(photo.taken_between[1]) }) : t('photoUnbound', { time: f.timeSeconds(photo.taken_at) })}
        </p>
      ))}
      {signs ? <p className="row g6" style={{ marginTop: 4 }}><Icon name="lock" size={18} className="m3" />{signs}</p> : null}
    </section>
  );
}

function One({ finding, events, onSaid }: { finding: Finding; events: FindingEvent[]; onSaid: () => Promise<void> }) {
  const t = useT(truthText);
  const f = useFormat();
  const open = finding.status === 'open' || finding.status === 'answered';
  const rate = finding.false_alarm_rate;
  return (
    <section className="card mx" style={{ marginTop: 10, padding: '12px 14px' }} aria-label={finding.title}>
      <div className="row g6"><Icon name={LOOK[finding.band].icon} size={20} className={LOOK[finding.band].tone} weight={2} /><b style={{ font: '700 16px/22px var(--font)' }}>{finding.title}</b></div>
      <p className="m3" style={{ font: '13px/20px var(--font)' }}>{f.dots([t(`status.${finding.status}`), finding.status === 'open' && t('answerBy', { time: f.dateTime(finding.answer_by) })])}</p>
      <p style={{ marginTop: 6 }}>{finding.text}</p>
      <PhotoPairs finding={finding} />
      <p className="m2" style={{ marginTop: 6, font: '13px/20px var(--font)' }}>{f.saying([t('causes'), f.names(finding.causes)])}</p>
      <p className="m3" style={{ font: '12px/18px var(--font)', marginTop: 4 }}>{rate === null ? t('versionOnly', { version: finding.rule_version }) : t('version', { version: finding.rule_version, rate: `${(rate * 100).toFixed(2)} %` })}</p>
      {events.map((event) => (
        <p key={event.id} style={{ marginTop: 8, padding: '8px 10px', borderRadius: 10, background: 'var(--sunken)', font: '14px/20px var(--font)' }}>
          <b>{event.kind === 'answered' ? t('event.answered') : t(event.kind === 'decided' ? 'event.decided' : 'event.seconded', { outcome: t(`outcome.${event.outcome ?? 'upheld'}`) })}</b>
          {' '}{f.dots([event.actor.name, f.dateTime(event.at)])}<br />
          {f.saying([event.reason_code ? t(`reason.${event.reason_code}`) : '', event.text])}
        </p>
      ))}
      {open ? <Answer finding={finding} onSaid={onSaid} /> : null}
    </section>
  );
}

function Answer({ finding, onSaid }: { finding: Finding; onSaid: () => Promise<void> }) {
  const t = useT(truthText);
  const language = useLanguage();
  const f = useFormat();
  const [writing, setWriting] = useState(false);
  const [reason, setReason] = useState<FindingReason | null>(null);
  const [words, setWords] = useState('');
  const [photos, setPhotos] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const visit = useLiveQuery(() => (finding.visit_id ? db.visits.get(finding.visit_id) : undefined), [finding.visit_id]);
  if (!writing) return <button type="button" className="cta sec" style={{ marginTop: 10 }} onClick={() => setWriting(true)}>{t('answer')}</button>;
  const ready = reason !== null && (reason !== 'other' || words.trim() !== '');
  const send = async () => {
    setBusy(true);
    try {
      await client.post('/me/findings/{id}/answer', { reason_code: reason, text: words.trim(), photo_ids: photos }, { params: { id: finding.id } });
      toast(t('sent'));
      setWriting(false);
      await onSaid();
    } catch (error) {
      const said = problemText(toProblem(error), language);
      toastProblem(error, f.saying([t('failed'), said.title]));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div style={{ marginTop: 10 }}>
      <p className="m2">{t('reason')}</p>
      <div className="opts two" role="radiogroup" aria-label={t('reason')}>
        {REASONS.map((one) => <button type="button" key={one} className="opt" role="radio" aria-checked={reason === one} onClick={() => setReason(one)}>{t(`reason.${one}`)}</button>)}
      </div>
      <label className="fld" style={{ display: 'block', marginTop: 8 }}>
        <span>{t(reason === 'other' ? 'wordsOther' : 'words')}</span>
        <textarea value={words} rows={3} maxLength={1000} onChange={(event) => setWords(event.target.value)} />
      </label>
      {visit?.photos.length ? (
        <div style={{ marginTop: 8 }}>
          <p className="m2">{t('photos')}</p>
          <div className="shots">
            {visit.photos.map((photo, i) => (
              <button type="button" key={photo.id} aria-pressed={photos.includes(photo.id)} aria-label={t('photo', { n: i + 1 })} style={photos.includes(photo.id) ? { outline: '3px solid var(--accent)' } : undefined} onClick={() => setPhotos(photos.includes(photo.id) ? photos.filter((id) => id !== photo.id) : [...photos, photo.id].slice(0, 9))}>
                {photo.thumb ? <img src={photo.thumb} alt="" /> : <Icon name="image" size={28} />}
              </button>
            ))}
          </div>
        </div>
      ) : null}
      <button type="button" className="cta" style={{ marginTop: 10 }} disabled={!ready || busy} onClick={() => void send()}>{t('send')}</button>
    </div>
  );
}
