import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import type { Permission } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { permissionText } from '../app/permissionText';
import { shellText } from '../app/text';
import { ProblemView } from '../kit/ProblemView';

export function PendingPage() {
  return (
    <div style={{ paddingTop: 48 }}>
      <SkeletonRows rows={10} />
    </div>
  );
}

export function NotFoundPage() {
  const t = useT(shellText);
  return (
    <div className="state-page">
      <Icon name="compass" size={28} className="m3" />
      <h2 className="s16 w7">{t('notFound')}</h2>
      <p className="m2">{t('notFoundDetail')}</p>
      <Link to="/" className="btn">{t('toHome')}</Link>
    </div>
  );
}

/** A page the person's role does not reach, with the permission that would be needed. */
export function NoAccessPage({ permission }: { permission: Permission }) {
  const t = useT(shellText);
  const words = useT(permissionText);
  return (
    <div className="state-page">
      <Icon name="lock" size={28} className="m3" />
      <h2 className="s16 w7">{t('noAccess')}</h2>
      <p className="m2">{t('noAccessDetail', { permission: words(permission) })}</p>
      <Link to="/" className="btn">{t('toHome')}</Link>
    </div>
  );
}

export function CrashPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof Error && error.name === 'NoAccess') return <NoAccessPage permission={error.message as Permission} />;
  return (
    <div className="state-page">
      <ProblemView
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}
