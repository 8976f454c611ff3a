import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { iconNamed } from '@tashi/shared/ui/Icon.tsx';
import { useField } from '../app/context.tsx';
import { useMustReads } from '../work/library.ts';
import { Page } from './Page.tsx';
import { Link } from './router.tsx';
import { shellText } from './text.ts';

/** What can be begun without a plan. */
export function NewScreen() {
  const t = useT(shellText);
  const language = useLanguage();
  const { snapshot } = useField();
  const objects = snapshot?.objects ?? [];
  const mustRead = useMustReads().length;
  const row = (to: string, icon: IconName, title: string, text: string) => (
    <Link key={to} className="li" to={to}><span className="ico"><Icon name={icon} size={22} /></span><span><b>{title}</b>{text ? <span className="d" style={{ display: 'block' }}>{text}</span> : null}</span><Icon name="right" size={20} className="m3" /></Link>
  );
  return (
    <Page title={t('addTitle')} tabs>
      <div className="card list mx" style={{ marginTop: 4 }}>
        {row('/new-visit', 'visit', t('adHoc'), t('adHocText'))}
        {row('/new-problem', 'warn', t('reportProblem'), t('reportProblemText'))}
      </div>
      <h2 className="h3">{t('learn')}</h2>
      <div className="card list mx">
        {row('/knowledge', 'book', t('knowledge'), mustRead > 0 ? t('mustRead', { count: mustRead }) : t('knowledgeText'))}
        {row('/practice', 'flag', t('practice'), t('practiceText'))}
      </div>
      {objects.length ? (
        <>
          <h2 className="h3">{t('business')}</h2>
          <div className="card list mx">{objects.map((one) => row(`/objects/${one.key}`, iconNamed(one.icon), said(one.name, language) || one.key, ''))}</div>
        </>
      ) : null}
    </Page>
  );
}
