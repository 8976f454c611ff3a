import { toProblem, type ArticlePage } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useMe } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartments, useRoles } from '../../kit/refs';
import { Section } from '../../kit/Section';
import { knowledgeText } from './text';
import { useArticle, usePatchArticle } from './useKnowledge';

/** For whom it is, who must read it until when, and whether it is still there. All of it holds as soon as it is saved. */
export function RulesTab({ article }: { article: ArticlePage }) {
  const t = useT(knowledgeText);
  const me = useMe();
  const departments = useDepartments();
  const roles = useRoles();
  const patch = usePatchArticle(article.id);
  const known = useArticle(article.id);
  const [audience, setAudience] = useState(article.audience);
  const [must, setMust] = useState(article.duty !== null);
  const [due, setDue] = useState(article.duty?.due_day ?? '');
  const stale = patch.error !== null && toProblem(patch.error).code === 'version.conflict';
  const same = JSON.stringify([audience, must, must ? due : '']) === JSON.stringify([article.audience, article.duty !== null, article.duty?.due_day ?? '']);
  // Named by somebody who reaches further than whoever looks: they stay.
  const outside = departments.data ? audience.departments.filter((id) => !departments.data.some((one) => one.id === id)).length : 0;
  const toggle = (list: string[], one: string) => (list.includes(one) ? list.filter((x) => x !== one) : [...list, one]);
  const save = () => patch.mutate({ version: article.version, audience, must_read: must, due_day: must && due ? due : null }, { onSuccess: () => toast(t('saved')) });
  const retire = () => patch.mutate({ version: article.version, retired: !article.retired }, { onSuccess: () => toast(t(article.retired ? 'backAgain' : 'retiredNow')) });
  return (
    <main className="article-rules">
      <Section title={t('audience')} detail={t('audienceHint')}>
        <fieldset className="plain-set"><legend className="s12 m2">{t('departments')}</legend>
          <div className="check-grid">{departments.data?.map((one) => <label key={one.id} className="row g6"><input type="checkbox" checked={audience.departments.includes(one.id)} onChange={() => setAudience({ ...audience, departments: toggle(audience.departments, one.id) })} />{one.name}</label>)}
            {outside ? <label className="row g6 m2"><input type="checkbox" checked disabled />{t('otherDepartments', { n: outside })}</label> : null}
          </div>
        </fieldset>
        <fieldset className="plain-set"><legend className="s12 m2">{t('roles')}</legend>
          <div className="check-grid">{roles.data?.map((one) => <label key={one.key} className="row g6"><input type="checkbox" checked={audience.roles.includes(one.key)} onChange={() => setAudience({ ...audience, roles: toggle(audience.roles, one.key) })} />{one.name}</label>)}</div>
        </fieldset>
        <p className="m2">{audience.departments.length || audience.roles.length ? t('forSome') : t('forEverybody')}</p>
      </Section>
      <Section title={t('must')} detail={t('mustHint')}>
        <label className="row g6"><input type="checkbox" checked={must} onChange={(e) => setMust(e.target.checked)} />{t('mustSwitch')}</label>
        {must ? <label className="row g6"><span>{t('due')}</span><input type="date" className="plain-input due-input" value={due} onChange={(e) => setDue(e.target.value)} /><span className="m3 s12">{t('dueHint')}</span></label> : null}
      </Section>
      {stale ? <p className="row g6 fg-problem" role="alert">{t('stale')}<button type="button" className="btn sm" onClick={() => void known.refetch()}>{t('reload')}</button></p> : patch.error ? <ProblemView error={patch.error} compact /> : null}
      <p><button type="button" className="btn pri" disabled={same || patch.isPending} onClick={save}>{t('save')}</button></p>
      <Section title={t(article.retired ? 'unretire' : 'retire')} detail={t('retireHint')}>
        <button type="button" className="btn" disabled={patch.isPending} onClick={retire}>{t(article.retired ? 'unretire' : 'retire')}</button>
      </Section>
      <p className="s12 m3">{t('writtenFor', { department: article.department.name, company: me.company.name })}</p>
    </main>
  );
}
