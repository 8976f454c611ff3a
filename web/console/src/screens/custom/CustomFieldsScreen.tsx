import { useNavigate } from '@tanstack/react-router';
import type { CustomNoun } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, type IconName } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { DesignerSections } from '../designer/DesignerSections';
import '../designer/designer.css';
import { customText } from './text';
import { useCustomNouns, useOpenFields } from './useCustomFields';

export const NOUNS: { noun: CustomNoun; icon: IconName }[] = [{ noun: 'customer', icon: 'store' }, { noun: 'employee', icon: 'users' }, { noun: 'task', icon: 'task' }, { noun: 'equipment', icon: 'wrench' }];

/** The nouns of ours a company may add fields to. */
export function CustomFieldsScreen() {
  const t = useT(customText);
  const navigate = useNavigate();
  const known = useCustomNouns();
  const open = useOpenFields();
  return (
    <div className="forms-page">
      <div className="bar"><DesignerSections /></div>
      <main className="forms-list">
        <p className="m2 templates-intro">{t('intro')}</p>
        {known.error ?? open.error ? <ProblemView error={known.error ?? open.error} onRetry={() => known.refetch()} compact /> : null}
        {known.isPending ? <SkeletonRows /> : (
          <ul className="form-cards">
            {NOUNS.map(({ noun, icon }) => {
              const own = known.data?.find((one) => one.noun === noun);
              return (
                <li key={noun}>
                  <button type="button" className="form-card" disabled={open.isPending} onClick={() => open.mutate(noun, { onSuccess: (page) => void navigate({ to: '/designer/fields/$id', params: { id: page.id } }) })}>
                    <span className="row g6">
                      <Icon name={icon} size={18} className="fg-accent" />
                      <b className="clip sp">{t(`noun.${noun}`)}</b>
                      {own ? <span className="tag">{t('published', { n: own.number })}</span> : null}
                    </span>
                    <span className="s12 m3">{t(`hint.${noun}`)}</span>
                    <span className="s12 m2">{own ? t('fields', { count: own.spec.fields.length }) : t('none')}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        )}
      </main>
    </div>
  );
}
