import { Suspense, lazy, useState } from 'react';
import type { LedgerEntry, Page as PageOf, Playback } from '@tashi/shared/api';
import { addDays, useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, SkeletonRows } from '@tashi/shared/ui';
import { download } from '../../app/bytes.ts';
import { useCached } from '../../app/cached.ts';
import { useToday } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { DayBand } from './DayBand.tsx';
import { meText } from './text.ts';

const DayMap = lazy(() => import('./DayMap.tsx'));

/** What does the company know about my day, and who looked? */
export function DayScreen() {
  const today = useToday();
  const [day, setDay] = useState(today);
  return <Day key={day} day={day} today={today} onDay={setDay} />;
}

function Day({ day, today, onDay }: { day: string; today: string; onDay: (day: string) => void }) {
  const t = useT(meText);
  const f = useFormat();
  const playback = useCached(`day/${day}`, () => client.get<Playback>('/me/days/{day}', { params: { day } }));
  const ledger = useCached('ledger', () => client.get<PageOf<LedgerEntry>>('/me/ledger', { query: { limit: 100 } }));
  const { data } = playback;
  const readings = ledger.data?.items.filter((entry) => f.dayOf(entry.at) === day || entry.day === day) ?? null;
  const save = () => {
    const file = new Blob([JSON.stringify({ day, exported_at: new Date().toISOString(), playback: data, readers: readings }, null, 1)], { type: 'application/json' });
    download(file, `tashi-${day}.json`);
  };
  return (
    <Page
      title={t('dayTitle')} backTo="/me"
      right={
        <select className="daypick" aria-label={t('pickDay')} value={day} onChange={(e) => onDay(e.target.value)}>
          {Array.from({ length: 14 }, (_, i) => addDays(today, -i)).map((one) => <option key={one} value={one}>{f.dayWeek(one)}</option>)}
        </select>
      }
      foot={<button type="button" className={data ? 'cta' : 'cta quiet'} disabled={!data} onClick={save}><Icon name="download" size={20} weight={2} />{t('exportDay')}</button>}
    >
      {data === undefined || (data === null && !playback.problem && navigator.onLine) ? <SkeletonRows rows={5} height={72} /> : null}
      {data === null && (playback.problem || !navigator.onLine) ? <Empty title={t('noDay')} text={t('noDayText')} /> : null}
      {data ? <Numbers playback={data} fetched={playback.fetched} /> : null}
      {data ? <Silence playback={data} /> : null}
      <h2 className="h2">{t('readers')}{readings ? <small>{t('readersToday', { count: readings.length })}</small> : null}<span className="end">{t('readersFixed')}</span></h2>
      <div className="card list mx" style={{ marginBottom: 16 }}>
        {readings === null ? <p className="li plain m3">{t('readersUnknown')}</p> : readings.length === 0 ? <p className="li plain m2">{t('nobody')}</p> : null}
        {readings?.map((entry) => (
          <div key={entry.id} className="li">
            <span className="reader"><Avatar name={entry.reader.name} /></span>
            <span style={{ minWidth: 0 }}><b style={{ font: '500 15px/22px var(--font)' }}>{entry.reader.department} {entry.reader.name}</b><span className="d" style={{ display: 'block' }}>{t('reading', { what: t(`what.${entry.what}`), purpose: entry.purpose })}</span></span>
            <span className="w" style={{ alignSelf: 'start' }}>{f.time(entry.at)}</span>
          </div>
        ))}
      </div>
    </Page>
  );
}

function Numbers({ playback, fetched }: { playback: Playback; fetched: number | null }) {
  const t = useT(meText);
  const f = useFormat();
  const { summary } = playback;
  const [why, setWhy] = useState(false);
  return (
    <section className="card mx" style={{ marginTop: 4, overflow: 'hidden' }}>
      <div className="fig">
        <div><b>{summary.visits}</b><span className="u">{t('ofPlanned', { count: summary.planned })}</span><br /><span>{t('visits')}</span></div>
        <div><b>{summary.effective}</b><br /><span>{t('effective')}</span></div>
        <div><b>{f.hours(summary.stay_s)}</b><span className="u">{t('hoursUnit')}</span><br /><span>{t('inShop')}</span></div>
        <div><b>{f.km(summary.counted_m)}</b><span className="u">km</span><br /><span>{t('driven')}</span></div>
      </div>
      {playback.points.length > 1 ? (
        <div style={{ height: 168, position: 'relative', borderTop: '1px solid var(--line)' }}>
          <Suspense fallback={null}><DayMap playback={playback} label={t('mapLabel', { km: f.km(summary.counted_m) })} /></Suspense>
        </div>
      ) : null}
      <DayBand playback={playback} />
      <div style={{ borderTop: '1px solid var(--line)' }}>
        <button type="button" className="textlink" style={{ justifyContent: 'space-between', padding: '0 14px' }} aria-expanded={why} onClick={() => setWhy(!why)}>
          <span className="row g6"><Icon name="info" size={18} />{t('how')}</span>
          <span className="row g6 m3" style={{ font: '13px/18px var(--font)' }}>{summary.provisional ? <span className="tag">{t('provisional')}</span> : null}{fetched ? t('dayAsOf', { age: f.age(fetched, Date.now()) }) : null}<Icon name={why ? 'up' : 'down'} size={18} /></span>
        </button>
        {why ? (
          <dl className="dl" style={{ padding: '0 14px 14px', font: '14px/22px var(--font)' }}>
            <dt>{t('howCounted')}</dt><dd>{f.km(summary.counted_m)} km</dd>
            <dt>{t('howRaw')}</dt><dd>{f.km(summary.raw_m)} km</dd>
            <dt>{t('howExcluded')}</dt><dd>{f.km(summary.excluded_m)} km</dd>
            <dt>{t('howEstimated')}</dt><dd>{f.km(summary.estimated_m)} km</dd>
            <dt>{t('howGap')}</dt><dd>{f.duration(summary.gap_s)}</dd>
            <dt /><dd className="m3 mono" style={{ overflowWrap: 'anywhere' }}>{t('howRule', { version: summary.rule_version })} · {summary.input_sha256.slice(0, 12)}</dd>
          </dl>
        ) : null}
      </div>
    </section>
  );
}

/** The receipt of silence: how many positions outside duty time are stored, counted anew by the server each time. */
function Silence({ playback }: { playback: Playback }) {
  const t = useT(meText);
  const f = useFormat();
  const { summary } = playback;
  const end = summary.duty[summary.duty.length - 1]?.to;
  return (
    <div className="say mx" style={{ marginTop: 10, alignItems: 'center' }}>
      <Icon name={summary.stored_off_duty === 0 ? 'shield' : 'warn'} size={24} />
      <p style={{ flex: 1 }}><b style={{ display: 'inline', font: '700 14px/20px var(--font)' }}>{t('silenceStored', { count: summary.stored_off_duty })}</b><span className="m2">{end && summary.refused_off_duty > 0 ? t('silenceText', { count: summary.refused_off_duty, end: f.time(end) }) : t('silencePlain')}</span></p>
    </div>
  );
}
