import type { ReactNode } from 'react';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, type IconName, SkeletonRows } from '@tashi/shared/ui';
import { rememberConsent, useConsent, useMyPolicy } from '../../app/consent.ts';
import { useField } from '../../app/context.tsx';
import { Empty, Page } from '../../shell/Page.tsx';
import { back } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { consent } from '../../work/record.ts';
import { entryText } from './text.ts';

/** What is collected, when, how closely, for whom. `first` = right after the first sign-in. */
export function PolicyScreen({ first, onLater }: { first: boolean; onLater?: () => void }) {
  const t = useT(entryText);
  const c = useT(commonText);
  const f = useFormat();
  const { owner, snapshot } = useField();
  const rule = snapshot?.plan_rule;
  const agreedHere = useConsent();
  const { data, problem } = useMyPolicy();
  const policy = data?.policy ?? null;
  const agreed = Boolean(data?.accepted_at) || agreedHere === true;
  const agree = async () => {
    if (!data || !(await saving(consent(owner, data.text_version)))) return;
    await rememberConsent(owner, data.text_version);
    if (!first) back('/me');
  };
  const foot = !data ? null : agreed ? <button type="button" className="cta sec" onClick={() => back('/me')}>{t('close')}</button> : (
    <>
      <button type="button" className="cta" onClick={() => void agree()}>{t('agree')}</button>
      <button type="button" className="textlink" onClick={() => (onLater ? onLater() : back('/me'))}>{t('later')}</button>
    </>
  );
  const windows = f.names(data?.calendar_today.map((w) => f.window(w)) ?? []);
  return (
    <Page title={t('policyTitle')} backTo={first ? undefined : '/me'} foot={foot}>
      {data === undefined || (data === null && !problem && navigator.onLine) ? <SkeletonRows rows={6} height={64} /> : null}
      {data === null && (problem || !navigator.onLine) ? <Empty title={t('loadFirst')} action={first ? <button type="button" className="textlink" onClick={onLater}>{t('later')}</button> : null} /> : null}
      {data ? (
        <>
          <p className="m2 mx" style={{ font: '15px/23px var(--font)', paddingBottom: 10 }}>{t('policyLead')}</p>
          <div className="card list mx">
            <Fact icon="clock" title={t('hours')}>{windows ? t('hoursToday', { windows }) : t('hoursNone')}<br />{t('hoursRule')}</Fact>
            <Fact icon="track" title={t('mode')}>{policy && policy.mode !== 'off' ? t('modeText', { mode: c(`policy.${policy.mode}`), interval: policy.interval_s, distance: policy.distance_m }) : t('modeOff')}</Fact>
            <Fact icon="eye" title={t('who')}>{t('whoText')}</Fact>
            {rule ? <Fact icon="plan" title={t('ownDay')}>{t(`order.${rule.reorder}`)}<br />{t(`skip.${rule.skip}`)}<br />{t(`outside.${rule.outside ?? 'reason'}`)}{Object.keys(snapshot?.outside_by_class ?? {}).length ? t('outsideClasses') : ''}{rule.identity === 'passkey' ? <><br />{t('identity')}</> : null}</Fact> : null}
          </div>
          <h2 className="h3">{t('what')}</h2>
          <div className="card list mx">
            {data.collected.map((one) => <Fact key={one.what} icon="check" title={one.what}>{one.why}</Fact>)}
          </div>
          <p className="m3" style={{ font: '13px/18px var(--font)', padding: '12px 20px 20px' }}>{data.accepted_at ? t('agreed', { at: f.dateTime(data.accepted_at) }) : agreedHere ? t('agreedHere') : null} {t('version', { version: data.text_version })}</p>
        </>
      ) : null}
    </Page>
  );
}

function Fact({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return <div className="li" style={{ gridTemplateColumns: '40px 1fr' }}><span className="ico"><Icon name={icon} size={22} /></span><span><b>{title}</b><span className="d" style={{ display: 'block' }}>{children}</span></span></div>;
}
