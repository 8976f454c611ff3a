import type { FixesAnswer, TrackingHealth } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { AdviceList, PhoneHelp, brandOf, phonesText } from '@tashi/shared/phones';
import { Icon, toast, toastProblem } from '@tashi/shared/ui';
import { useState } from 'react';
import { canStayAwake, useAwakeOnDuty } from '../../app/awake.ts';
import { useCached } from '../../app/cached.ts';
import { client } from '../../app/session.ts';
import { Page } from '../../shell/Page.tsx';
import { meText } from './text.ts';
import '@tashi/shared/phones/phones.css';

/** Is my day recorded, and if not, what mends it; the same words my manager reads. Then what a web app cannot do, said plainly. */
export function TrackerScreen() {
  const t = useT(meText);
  const c = useT(commonText);
  const p = useT(phonesText);
  const [awake, setAwake] = useAwakeOnDuty();
  const server = `${location.origin}/t`;
  return (
    <Page title={t('trackerTitle')} backTo="/me">
      <Today />
      <div className="say mx" style={{ marginTop: 12 }}><Icon name="info" size={24} /><div><b>{t('trackerHonest')}</b>{t('trackerHonestText')}</div></div>
      <ol className="card list mx" style={{ marginTop: 12 }}>
        {(['trackerStep1', 'trackerStep2', 'trackerStep3', 'trackerStep4'] as const).map((key, i) => (
          <li key={key} className="li" style={{ gridTemplateColumns: '34px 1fr' }}><span className="stepno" aria-hidden="true">{i + 1}</span><span style={{ font: '15px/23px var(--font)' }}>{t(key)}</span></li>
        ))}
      </ol>
      <h2 className="h3">{p('title')}</h2>
      <div className="card mx" style={{ padding: 14 }}><PhoneHelp first={brandOf(navigator.userAgent)} /></div>
      {canStayAwake() ? (
        <>
          <h2 className="h3" id="awake">{t('awake')}</h2>
          <div className="card mx" style={{ padding: 14 }}>
            <div className="opts two" role="radiogroup" aria-labelledby="awake">
              {[false, true].map((on) => <button type="button" key={String(on)} className="opt" role="radio" aria-checked={awake === on} onClick={() => setAwake(on)}>{t(on ? 'awakeOn' : 'awakeOff')}</button>)}
            </div>
            <p className="m2" style={{ font: '14px/20px var(--font)', paddingTop: 10 }}>{t('awakeText')}</p>
          </div>
        </>
      ) : null}
      <h2 className="h3">{t('trackerServer')}</h2>
      <div className="card mx row" style={{ padding: '4px 6px 4px 14px' }}>
        <span className="mono sp" style={{ overflowWrap: 'anywhere' }}>{server}</span>
        <button type="button" className="ib" aria-label={c('copy')} onClick={() => void navigator.clipboard?.writeText(server).then(() => toast(c('copied')))}><Icon name="copy" size={20} /></button>
      </div>
      <Backfill />
      <p className="m2 mx" style={{ font: '14px/20px var(--font)', padding: '12px 4px 20px', display: 'flex', gap: 6 }}><Icon name="shield" size={18} className="fg-visit" />{t('trackerDuty')}</p>
    </Page>
  );
}

const read = () => client.get<TrackingHealth>('/me/tracking-health');

/** How well today is recorded so far. */
function Today() {
  const t = useT(meText);
  const f = useFormat();
  const { data, fetched, problem } = useCached('tracking-health', read);
  const today = data && data.day === f.today() ? data : null;
  if (!today) {
    // Nothing is recorded of people without a shift; then there is nothing to say here.
    return problem?.status === 404 || data === undefined ? null : <p className="m3 mx" style={{ padding: '4px 4px 0' }}>{t('healthUnknown')}</p>;
  }
  const { missing, refused } = today;
  const gaps = missing.no_permission_s + missing.phone_off_s + missing.no_signal_s + missing.unknown_s;
  return (
    <section className="card mx health" aria-label={t('healthTitle')}>
      <div className="figs">
        <div><b>{today.heard_at ? f.time(today.heard_at) : '—'}</b><span>{t('healthHeard')}</span></div>
        <div><b>{today.duty_s ? f.percent(today.recorded_s / today.duty_s) : '—'}</b><span>{t('healthRecorded')}</span></div>
        <div><b>{f.minutes(gaps)}</b><span>{t('healthMissing')}</span></div>
      </div>
      <AdviceList health={today} />
      <p className="m3">
        {f.dots([t('healthOff', { count: refused.off_duty }), today.trackers ? t('healthTrackers', { count: today.trackers }) : t('healthNoTracker'), fetched ? t('dayAsOf', { age: f.age(new Date(fetched).toISOString()) }) : null])}
      </p>
      <p className="m3">{t('healthBoth')}</p>
    </section>
  );
}

/** A GPX file recorded by something else: shown as back-fill wherever it is shown, and not counted. */
function Backfill() {
  const t = useT(meText);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<FixesAnswer | null>(null);
  const send = async (file: File) => {
    setBusy(true);
    try {
      const response = await client.fetch('POST', '/field/gpx', file, { headers: { 'Content-Type': 'application/gpx+xml' } });
      setAnswer((await response.json()) as FixesAnswer);
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <h2 className="h3">{t('gpxTitle')}</h2>
      <div className="card mx" style={{ padding: 14 }}>
        <p style={{ font: '15px/22px var(--font)' }}>{t('gpxText')}</p>
        <label className="chipbtn" style={{ marginTop: 10, position: 'relative' }} aria-busy={busy}>
          <Icon name="upload" size={18} />{t('gpxChoose')}
          <input
            type="file" accept=".gpx,application/gpx+xml" disabled={busy} style={{ position: 'absolute', inset: 0, opacity: 0, width: '100%' }}
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              if (file) void send(file);
            }}
          />
        </label>
        {answer ? <p className="m2" role="status" style={{ font: '14px/20px var(--font)', marginTop: 8 }}>{t('gpxDone', { accepted: answer.accepted, duplicate: answer.duplicate, refused: answer.refused_off_duty, invalid: answer.refused_invalid })}</p> : null}
      </div>
    </>
  );
}
