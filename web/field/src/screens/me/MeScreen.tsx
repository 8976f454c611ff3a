import { type ReactNode, useState } from 'react';
import { setLanguage, useLanguage, useT } from '@tashi/shared/i18n';
import { type ThemeChoice, useTheme } from '@tashi/shared/theme';
import { Avatar, Icon, type IconName } from '@tashi/shared/ui';
import { useField, useSync } from '../../app/context.tsx';
import { StillUnsent, signOut } from '../../app/session.ts';
import { setTextSize, useTextSize } from '../../app/textSize.ts';
import { Page } from '../../shell/Page.tsx';
import { Link, go } from '../../shell/router.tsx';
import { useMustReads } from '../../work/library.ts';
import { meText } from './text.ts';

/** Everything about the person and this phone. */
export function MeScreen() {
  const t = useT(meText);
  const { session } = useField();
  const { waiting, refused } = useSync();
  const { employee, company } = session.me;
  const language = useLanguage();
  const theme = useTheme();
  const text = useTextSize();
  const mustRead = useMustReads().length;
  const [leaving, setLeaving] = useState(false);
  const leave = async () => {
    const { confirm } = await import('../../shell/mobile.tsx');
    try {
      if (waiting + refused > 0) throw new StillUnsent(waiting + refused);
      if (!(await confirm({ title: t('signOutConfirm'), content: t('signOutText'), confirmText: t('signOut'), cancelText: t('cancel') }))) return;
      setLeaving(true);
      await signOut();
      go('/', { replace: true });
    } catch (error) {
      setLeaving(false);
      if (!(error instanceof StillUnsent)) throw error;
      if (await confirm({ title: t('stillTitle', { count: error.count }), content: t('stillText'), confirmText: t('toSync'), cancelText: t('cancel') })) go('/me/sync');
    }
  };
  const themes: [ThemeChoice, string][] = [['system', t('themeSystem')], ['light', t('themeLight')], ['dark', t('themeDark')], ['sun', t('themeSun')]];
  return (
    <Page title={t('title')} tabs>
      <section className="card mx row g12" style={{ padding: 16, marginTop: 4 }}>
        <Avatar name={employee.name} size="lg" />
        <div style={{ minWidth: 0 }}><b style={{ font: '700 18px/26px var(--font)' }}>{employee.name}</b><p className="m2 clip">{[employee.post, employee.department.name, company.name].filter(Boolean).join('·')}</p></div>
      </section>
      <h2 className="h3">{t('records')}</h2>
      <nav className="card list mx">
        <Row to="/me/sync" icon="sync" title={t('sync')} text={refused > 0 ? t('syncProblem', { count: refused }) : waiting > 0 ? t('syncWaiting', { count: waiting }) : t('syncDone')} tone={refused > 0 ? 'fg-problem' : undefined} />
        <Row to="/attendance" icon="clock" title={t('attendance')} text={t('attendanceText')} />
        <Row to="/knowledge" icon="book" title={t('knowledge')} text={mustRead > 0 ? t('mustRead', { count: mustRead }) : t('knowledgeText')} tone={mustRead > 0 ? 'fg-late' : undefined} />
        <Row to="/me/day" icon="track" title={t('day')} text={t('dayText')} />
        <Row to="/me/mileage" icon="car" title={t('mileage')} text={t('mileageText')} />
        <Row to="/me/receipts" icon="stamp" title={t('receipts')} text={t('receiptsText')} />
        <Row to="/truth" icon="okCircle" title={t('truth')} text={t('truthText')} />
        <Row to="/me/policy" icon="shield" title={t('policy')} text={t('policyText')} />
      </nav>
      <h2 className="h3">{t('settings')}</h2>
      <div className="card list mx">
        <Row to="/me/permissions" icon="key" title={t('permissions')} text={t('permissionsText')} />
        <Row to="/me/tracker" icon="compass" title={t('tracker')} text={t('trackerText')} />
        <Row to="/install" icon="download" title={t('install')} text={t('installText')} />
        <Row to="/me/calendar" icon="plan" title={t('calendar')} text={t('calendarText')} />
        <Row to="/me/devices" icon="phone" title={t('devices')} text={t('devicesText')} />
        <Row to="/me/password" icon="lock" title={t('password')} />
        <Setting icon="globe" title={t('language')}>
          {(['zh', 'en'] as const).map((one) => <button type="button" key={one} lang={one} className="opt" role="radio" aria-checked={language === one} onClick={() => setLanguage(one)}>{t(one === 'zh' ? 'chinese' : 'english')}</button>)}
        </Setting>
        <Setting icon="eye" title={t('text')}>
          {(['normal', 'large', 'huge'] as const).map((one) => <button type="button" key={one} className="opt" role="radio" aria-checked={text === one} onClick={() => setTextSize(one)}>{t(`text.${one}`)}</button>)}
        </Setting>
        <Setting icon={theme.mode === 'dark' ? 'moon' : 'sun'} title={t('theme')} two>
          {themes.map(([one, word]) => <button type="button" key={one} className="opt" role="radio" aria-checked={theme.choice === one} onClick={() => theme.setChoice(one)}>{word}</button>)}
        </Setting>
      </div>
      <div className="mx" style={{ padding: '16px 0 8px' }}><button type="button" className="cta danger" disabled={leaving} onClick={() => void leave()}><Icon name="logout" size={20} />{t('signOut')}</button></div>
      <p className="m3" style={{ textAlign: 'center', font: '13px/18px var(--font)', paddingBottom: 20 }}>{t('version', { version: import.meta.env.VITE_APP_VERSION ?? '0.1.0' })}</p>
    </Page>
  );
}

function Row({ to, icon, title, text, tone }: { to: string; icon: IconName; title: string; text?: string; tone?: string }) {
  return (
    <Link className="li" to={to}>
      <span className="ico"><Icon name={icon} size={22} /></span>
      <span style={{ minWidth: 0 }}><b>{title}</b>{text ? <span className={`d ${tone ?? ''}`} style={{ display: 'block' }}>{text}</span> : null}</span>
      <Icon name="right" size={20} className="m3" />
    </Link>
  );
}

function Setting({ icon, title, two, children }: { icon: IconName; title: string; two?: boolean; children: ReactNode }) {
  return (
    <div style={{ padding: '10px 14px 14px' }}>
      <div className="row g12" style={{ minHeight: 40 }}><span className="ico-plain"><Icon name={icon} size={22} /></span><b style={{ font: '500 16px/22px var(--font)' }}>{title}</b></div>
      <div className={two ? 'opts two' : 'opts three'} role="radiogroup" aria-label={title}>{children}</div>
    </div>
  );
}
