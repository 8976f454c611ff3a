import { useState } from 'react';
import type { MileageDay, MileageStatement } from '@tashi/shared/api';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { download } from '../../app/bytes.ts';
import { useCached } from '../../app/cached.ts';
import { useOnline, useToday } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link } from '../../shell/router.tsx';
import { meText } from './text.ts';

const MODES = ['driving', 'ebike', 'walking', 'transit'] as const;
/** Months offered. */
const BACK = 12;

function monthsBack(today: string): string[] {
  const [year = 1970, month = 1] = today.split('-').map(Number);
  return Array.from({ length: BACK }, (_, i) => new Date(Date.UTC(year, month - 1 - i, 1)).toISOString().slice(0, 7));
}

/** How many kilometres of mine count, and why: the same statement as my manager sees. */
export function MileageScreen() {
  const today = useToday();
  const [month, setMonth] = useState(today.slice(0, 7));
  return <Month key={month} month={month} months={monthsBack(today)} onMonth={setMonth} />;
}

function Month({ month, months, onMonth }: { month: string; months: string[]; onMonth: (month: string) => void }) {
  const t = useT(meText);
  const f = useFormat();
  const online = useOnline();
  const language = useLanguage();
  const { data, problem } = useCached(`mileage/${month}`, () => client.get<MileageStatement>('/me/mileage/{month}', { params: { month } }));
  const [busy, setBusy] = useState(false);
  const name = (one: string) => new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(Date.parse(`${one}-01T00:00:00Z`));
  const save = async (file: 'statement.pdf' | 'export.json' | 'bundle.zip') => {
    setBusy(true);
    try {
      const response = await client.fetch('GET', `/me/mileage/{month}/${file}`, undefined, { params: { month } });
      download(await response.blob(), `tashi-mileage-${month}${file.slice(file.indexOf('.'))}`);
    } catch {
      toast(t('downloadFailed'));
    }
    setBusy(false);
  };
  return (
    <Page
      title={t('mileage')} backTo="/me"
      right={
        <select className="daypick" aria-label={t('pickMonth')} value={month} onChange={(e) => onMonth(e.target.value)}>
          {months.map((one) => <option key={one} value={one}>{name(one)}</option>)}
        </select>
      }
      foot={<button type="button" className={data ? 'cta' : 'cta quiet'} disabled={!data || !online || busy} onClick={() => void save('statement.pdf')}><Icon name="download" size={20} weight={2} />{t('downloadPdf')}</button>}
    >
      {data === undefined || (data === null && !problem && online) ? <SkeletonRows rows={5} height={72} /> : null}
      {data === null && (problem || !online) ? <Empty title={t('noMonth')} text={t('noMonthText')} /> : null}
      {data ? (
        <>
          <section className="card mx" style={{ marginTop: 4, padding: '14px 16px' }}>
            <p className="m2">{t('countedMonth')}</p>
            <p style={{ font: '700 32px/42px var(--font)' }}>{f.km(data.totals.counted_m)}<span className="m3" style={{ font: '500 15px/20px var(--font)', paddingLeft: 4 }}>km</span></p>
            <p className="m3" style={{ font: '13px/18px var(--font)' }}>{t('countedWhy')}</p>
          </section>
          <section className="card mx" style={{ marginTop: 10 }}>
            <div className="fig">
              <div><b>{data.totals.duty_days}</b><br /><span>{t('dutyDays')}</span></div>
              <div><b>{f.hours(data.totals.gap_s)}</b><span className="u">{t('hoursUnit')}</span><br /><span>{t('gapTime')}</span></div>
              <div><b>{f.number(data.totals.refused)}</b><br /><span>{t('refusedPoints')}</span></div>
              <div><b>{f.number(data.totals.removed)}</b><br /><span>{t('removedPoints')}</span></div>
            </div>
          </section>
          <h2 className="h2">{t('eachDay')}</h2>
          {data.days.length === 0 ? <p className="mx m2" style={{ paddingBottom: 12 }}>{t('noMonthDays')}</p> : null}
          <div className="card list mx">{[...data.days].reverse().map((day) => <Day key={day.day} day={day} />)}</div>
          <div className="mx m2" style={{ font: '13px/20px var(--font)', padding: '12px 2px 16px' }}>
            <p>{t('mileageWhy')}</p>
            <p className="m3 mono" style={{ overflowWrap: 'anywhere', paddingTop: 6 }}>{t('mileageCheck', { version: data.rule_version, hash: data.input_sha256.slice(0, 16) })}</p>
            <button type="button" className="textlink" disabled={!online || busy} onClick={() => void save('export.json')}><Icon name="box" size={18} />{t('downloadExport')}</button>
            <button type="button" className="textlink" disabled={!online || busy} onClick={() => void save('bundle.zip')}><Icon name="shield" size={18} />{t('downloadBundle')}</button>
          </div>
        </>
      ) : null}
    </Page>
  );
}

/** A day that opens into its ways, its gaps, and what was not recorded on purpose. */
function Day({ day }: { day: MileageDay }) {
  const t = useT(meText);
  const f = useFormat();
  const [open, setOpen] = useState(false);
  const end = (at: string) => (f.time(at) === '00:00' ? '24:00' : f.time(at));
  const refused = Object.values(day.refused).reduce((sum, count) => sum + count, 0);
  const note = { font: '13px/20px var(--font)', padding: '0 14px' } as const;
  return (
    <div>
      <button type="button" className="li plain" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span style={{ minWidth: 0, textAlign: 'left' }}>
          <b>{f.dayWeek(day.day)}</b>
          <span className="d clip" style={{ display: 'block' }}>{day.open ? t('notOverDay') : day.duty.map((one) => `${f.time(one.from)}–${end(one.to)}`).join(' ')}</span>
        </span>
        <span className="row g6"><b>{f.km(day.counted_m)} <span className="m3" style={{ font: '13px/18px var(--font)' }}>km</span></b><Icon name={open ? 'up' : 'down'} size={18} className="m3" /></span>
      </button>
      {open ? (
        <div style={{ paddingBottom: 10 }}>
          {day.trips.map((trip) => (
            <p key={trip.from} className="row g6" style={{ ...note, justifyContent: 'space-between' }}>
              <span className="clip">{t('tripsOf', { from: f.time(trip.from), to: end(trip.to), mode: t(`mode.${MODES.find((mode) => mode === trip.mode) ?? 'driving'}`) })}{trip.to_place ? ` → ${trip.to_place}` : ''}</span>
              <span className="nw">{trip.counted ? null : <span className="tag">{t('notCountedTrip')}</span>} {f.km(trip.meters)} km</span>
            </p>
          ))}
          {day.gaps.map((gap) => <p key={gap.from} className="m2" style={note}>{f.time(gap.from)}–{end(gap.to)} {t('gapLine')}</p>)}
          {day.withheld.map((one) => <p key={one.from} className="m3" style={note}>{f.time(one.from)}–{end(one.to)} {t('withheldLine', { reason: t(`withheld.${one.reason}`) })}</p>)}
          {refused ? <p className="m2" style={note}>{t('dayRefused', { count: refused })}</p> : null}
          {day.removed ? <p className="m2" style={note}>{t('dayRemoved', { count: day.removed })}</p> : null}
          <p style={note}><Link to="/me/day">{t('day')}</Link></p>
        </div>
      ) : null}
    </div>
  );
}
