import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useAwake } from '../../app/awake.ts';
import { useField } from '../../app/context.tsx';
import { freshFix, usePosition } from '../../location/here.ts';
import { Page } from '../../shell/Page.tsx';
import { Link, go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { db } from '../../sync/store.ts';
import { checkOut, endPractice, saveVisit } from '../../work/record.ts';
import { placeSteps, progressOf } from '../../work/steps.ts';
import { type LocalVisit, stayS } from '../../work/visit.ts';
import { useStepTitle } from './StepEditor.tsx';
import { visitText } from './text.ts';
import { PracticeBanner, StayLine, VisitScreen } from './VisitScreen.tsx';

export function FinishScreen({ visitId }: { visitId: string }) {
  const visit = useLiveQuery(() => db.visits.get(visitId).then((found) => found ?? null), [visitId]);
  if (visit === undefined) return <div className="phone" />;
  return visit === null || visit.status === 'done' ? <VisitScreen visitId={visitId} /> : <Finish visit={visit} />;
}

/** Summary and check-out: says what would not count, and leaves the choice to the person. */
function Finish({ visit }: { visit: LocalVisit }) {
  const t = useT(visitText);
  const f = useFormat();
  const titleOf = useStepTitle();
  const { owner } = useField();
  usePosition();
  useAwake();
  useNow(1000);
  const [words, setWords] = useState(visit.summary);
  const [busy, setBusy] = useState(false);
  const progress = progressOf(placeSteps(visit.steps, visit.answers));
  const stay = stayS(visit, Date.now());
  const rule = Math.round(visit.min_stay_s / 60);
  const short = stay < visit.min_stay_s;
  const missing = f.names(progress.missing.map(titleOf));

  const leave = async () => {
    if (visit.practice) {
      if (!(await saving(endPractice(visit.id, owner)))) return;
      toast(t('practiceEnded'));
      go('/practice', { replace: true });
      return;
    }
    if (missing || short) {
      const { confirm } = await import('../../shell/mobile.tsx');
      const yes = await confirm({
        title: missing ? t('confirmMissing') : t('confirmStay'),
        content: missing ? t('missingText', { titles: missing }) : t('stayText', { left: f.duration(visit.min_stay_s - stay) }),
        confirmText: t('confirmDo'), cancelText: missing ? t('backToSteps') : t('confirmBack'),
      });
      if (!yes) return;
    }
    setBusy(true);
    const ok = await saving(checkOut(visit.id, freshFix()));
    setBusy(false);
    if (!ok) return;
    toast(navigator.onLine ? t('done') : t('doneOffline'));
    go('/', { replace: true });
  };

  return (
    <Page
      title={t('finishTitle')} sub={visit.practice ? t('practiceTitle') : visit.customer.name} backTo={`/visit/${visit.id}`} head={visit.practice ? <PracticeBanner /> : null}
      foot={<button type="button" className="cta" disabled={busy} onClick={() => void leave()}><Icon name="logout" size={22} weight={2} />{t(visit.practice ? 'endPractice' : 'checkOut')}</button>}
    >
      <section className="card mx" style={{ marginTop: 4 }} aria-label={t('recap')}>
        <div className="fig">
          <div><b>{progress.settled}</b><span className="u">/{progress.total}</span><br /><span>{t('stepsDone')}</span></div>
          <div><b>{visit.photos.length}</b><span className="u">{t('photosUnit')}</span><br /><span>{t('photos')}</span></div>
          <div><b>{Math.floor(stay / 60)}</b><span className="u">{t('minutesUnit')}</span><br /><span>{t('stay')}</span></div>
        </div>
        <p className="m3" style={{ font: '13px/18px var(--font)', borderTop: '1px solid var(--line)', padding: '9px 14px', textAlign: 'center' }}><StayLine visit={visit} /></p>
      </section>
      {missing ? (
        <div className="say late mx" style={{ marginTop: 10 }}><Icon name="warn" size={24} /><div style={{ flex: 1 }}><b>{t('missingTitle')}</b>{t('missingText', { titles: missing })}<Link className="textlink" style={{ justifyContent: 'flex-start', padding: 0 }} to={`/visit/${visit.id}`}>{t('backToSteps')}</Link></div></div>
      ) : short && !visit.practice ? (
        <div className="say mx" style={{ marginTop: 10 }}><Icon name="clock" size={24} /><div><b>{t('stayTitle', { rule })}</b>{t('stayText', { left: f.duration(visit.min_stay_s - stay) })}</div></div>
      ) : null}
      <label className="fld mx" style={{ marginTop: 8 }}>
        <span className="row" style={{ display: 'flex' }}>{t('summary')}<span className="end row g4 fg-visit" style={{ font: '13px/18px var(--font)' }}><Icon name="okCircle" size={15} weight={2} />{t('saved', { time: f.timeSeconds(visit.saved_at) })}</span></span>
        <textarea value={words} placeholder={t('summaryHint')} maxLength={2000} rows={5} onChange={(e) => { setWords(e.target.value); void saving(saveVisit(visit.id, { summary: e.target.value })); }} />
      </label>
    </Page>
  );
}
