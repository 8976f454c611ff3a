import { Link, Navigate } from '@tanstack/react-router';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { iconNamed } from '@tashi/shared/ui/Icon.tsx';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { objectsText } from './text';
import { useMyObjects } from './useObjects';
import './objects.css';

/** Leads to the first object there is, or says where they come from. */
export function BusinessScreen() {
  const t = useT(objectsText);
  const canDesign = useCan('form.write');
  const objects = useMyObjects();
  if (objects.error) return <div className="drawer-pad"><ProblemView error={objects.error} onRetry={() => objects.refetch()} /></div>;
  if (!objects.data) return <SkeletonRows />;
  const first = objects.data[0];
  if (first) return <Navigate to="/business/$key" params={{ key: first.key }} replace />;
  return (
    <div className="empty">
      <b>{t('businessEmpty')}</b>
      <p>{t('businessEmptyDetail')}</p>
      {canDesign ? <Link to="/designer/objects" className="btn pri">{t('toDesign')}</Link> : null}
    </div>
  );
}

/** The objects beside the list of one of them. */
export function ObjectList() {
  const t = useT(objectsText);
  const language = useLanguage();
  const objects = useMyObjects();
  return (
    <nav className="business-list" aria-label={t('business')}>
      {objects.data?.map((one) => (
        <Link key={one.key} to="/business/$key" params={{ key: one.key }} activeOptions={{ includeSearch: false }} activeProps={{ className: 'on' }}>
          <Icon name={iconNamed(one.icon)} size={16} /><span className="clip">{said(one.name, language) || one.key}</span>
        </Link>
      ))}
    </nav>
  );
}
