import { Link, useMatches } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Fragment } from 'react';
import { useApprovalCounts } from '../screens/approvals/useApprovals';
import { visibleNavigation, type NavEntry } from '../app/navigation';
import { useMe } from '../app/session';
import { shellText } from '../app/text';
import { useHasObjects } from '../screens/objects/useObjects';

const BESIDE: Record<string, NavEntry['key']> = { '/planning': 'planning', '/designer/templates': 'designer', '/designer/flows': 'designer', '/designer/objects': 'designer' };

export function Rail() {
  const t = useT(shellText);
  const me = useMe();
  const todo = useApprovalCounts().data?.todo ?? 0;
  const objects = useHasObjects();
  // Two entries lead to the first of several pages beside each other.
  const beside = useMatches({ select: (matches) => BESIDE[matches.at(-1)?.pathname ?? ''] });
  return (
    <nav className="rail" aria-label={t('navigation')}>
      {visibleNavigation(me.permissions, objects).map((entry) => (
        <Fragment key={entry.key}>
          {entry.group ? <span className="gap" aria-hidden="true" /> : null}
          <Link to={entry.to} activeOptions={{ exact: entry.to === '/', includeSearch: false }} activeProps={{ className: 'on' }} className={beside === entry.key ? 'on' : undefined}>
            <Icon name={entry.icon} size={19} />
            <span>{t(`nav.${entry.key}`)}</span>
            {entry.key === 'approvals' && todo > 0 ? <span className="n" role="img" aria-label={t('approvalsWaiting', { count: todo })}>{todo > 99 ? '99+' : todo}</span> : null}
          </Link>
        </Fragment>
      ))}
    </nav>
  );
}
