import { useT } from '@tashi/shared/i18n';
import { Icon, Logo } from '@tashi/shared/ui';
import { useInstall } from '../../app/install.ts';
import { BackButton } from '../../shell/Page.tsx';
import { entryText } from './text.ts';

/** How this becomes an app, for each kind of phone. */
export function InstallScreen() {
  const t = useT(entryText);
  const install = useInstall();
  const installed = matchMedia('(display-mode: standalone)').matches;
  const steps = (title: string, keys: readonly ('ios1' | 'ios2' | 'ios3' | 'android1' | 'android2' | 'android3')[]) => (
    <>
      <h2 className="h3">{title}</h2>
      <ol className="card list mx">
        {keys.map((key, i) => <li key={key} className="li" style={{ gridTemplateColumns: '34px 1fr', minHeight: 56 }}><span className="stepno" aria-hidden="true">{i + 1}</span><span style={{ font: '15px/23px var(--font)' }}>{t(key)}</span></li>)}
      </ol>
    </>
  );
  return (
    <div className="phone">
      <header className="nav back"><BackButton to="/me" /><h1>{t('installTitle')}</h1></header>
      <main className="body" tabIndex={0}>
        <div className="row g12 mx" style={{ padding: '4px 4px 6px' }}><Logo size={52} /><p className="m2" style={{ font: '15px/23px var(--font)' }}>{installed ? t('installed') : t('installLead')}</p></div>
        {steps(t('iosTitle'), ['ios1', 'ios2', 'ios3'])}
        {steps(t('androidTitle'), ['android1', 'android2', 'android3'])}
        <p className="say mx" style={{ marginTop: 12, marginBottom: 20 }}><Icon name="info" size={20} />{t('wechat')}</p>
      </main>
      {install && !installed ? <div className="foot"><button type="button" className="cta" onClick={install}><Icon name="download" size={20} weight={2} />{t('installDo')}</button></div> : null}
    </div>
  );
}
