import { useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { Page } from './Page.tsx';
import { Link } from './router.tsx';
import { shellText } from './text.ts';

/** What can be begun without a plan. */
export function NewScreen() {
  const t = useT(shellText);
  const row = (to: string, icon: IconName, title: string, text: string) => (
    <Link className="li" to={to}><span className="ico"><Icon name={icon} size={22} /></span><span><b>{title}</b><span className="d" style={{ display: 'block' }}>{text}</span></span><Icon name="right" size={20} className="m3" /></Link>
  );
  return (
    <Page title={t('addTitle')} tabs>
      <div className="card list mx" style={{ marginTop: 4 }}>
        {row('/new-visit', 'visit', t('adHoc'), t('adHocText'))}
        {row('/new-problem', 'warn', t('reportProblem'), t('reportProblemText'))}
      </div>
    </Page>
  );
}
