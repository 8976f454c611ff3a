import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
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
export function NoAccessPage({ permission }: { permission: string }) {
  const t = useT(shellText);
  return (
    <div className="state-page">
      <Icon name="lock" size={28} className="m3" />
      <h2 className="s16 w7">{t('noAccess')}</h2>
      <p className="m2">{t('noAccessDetail', { permission })}</p>
      <Link to="/" className="btn">{t('toHome')}</Link>
    </div>
  );
}

export function CrashPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof Error && error.name === 'NoAccess') return <NoAccessPage permission={error.message} />;
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
