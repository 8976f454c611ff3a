import { commonText, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { Page } from '../../shell/Page.tsx';
import { meText } from './text.ts';

/** What a web app cannot do, said plainly, and what can. */
export function TrackerScreen() {
  const t = useT(meText);
  const c = useT(commonText);
  const server = `${location.origin}/t`;
  return (
    <Page title={t('trackerTitle')} backTo="/me">
      <div className="say mx" style={{ marginTop: 4 }}><Icon name="info" size={24} /><div><b>{t('trackerHonest')}</b>{t('trackerHonestText')}</div></div>
      <ol className="card list mx" style={{ marginTop: 12 }}>
        {(['trackerStep1', 'trackerStep2', 'trackerStep3', 'trackerStep4'] as const).map((key, i) => (
          <li key={key} className="li" style={{ gridTemplateColumns: '34px 1fr' }}><span className="stepno" aria-hidden="true">{i + 1}</span><span style={{ font: '15px/23px var(--font)' }}>{t(key)}</span></li>
        ))}
      </ol>
      <h2 className="h3">{t('trackerServer')}</h2>
      <div className="card mx row" style={{ padding: '4px 6px 4px 14px' }}>
        <span className="mono sp" style={{ overflowWrap: 'anywhere' }}>{server}</span>
        <button type="button" className="ib" aria-label={c('copy')} onClick={() => void navigator.clipboard?.writeText(server).then(() => toast(c('copied')))}><Icon name="copy" size={20} /></button>
      </div>
      <p className="m2 mx" style={{ font: '14px/20px var(--font)', padding: '12px 4px 20px', display: 'flex', gap: 6 }}><Icon name="shield" size={18} className="fg-visit" />{t('trackerDuty')}</p>
    </Page>
  );
}
