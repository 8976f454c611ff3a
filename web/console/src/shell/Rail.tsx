import { Link, useMatches } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Fragment } from 'react';
import { useApprovalCounts } from '../screens/approvals/useApprovals';
import { entryOf, railOf, visibleNavigation } from '../app/navigation';
import { useMe } from '../app/session';
import { shellText } from '../app/text';
import { useHasObjects } from '../screens/objects/useObjects';

export function Rail() {
  const t = useT(shellText);
  const me = useMe();
  const todo = useApprovalCounts().data?.todo ?? 0;
  const objects = useHasObjects();
  const here = useMatches({ select: (matches) => entryOf(matches.at(-1)?.pathname ?? '/')?.key });
  return (
    <nav className="rail" aria-label={t('navigation')}>
      {railOf(visibleNavigation(me.permissions, objects)).map(({ entry, beside }) => {
        const on = entry.key === here || beside.some((one) => one.key === here);
        return (
          <Fragment key={entry.key}>
            {entry.group ? <span className="gap" aria-hidden="true" /> : null}
            {/* The router marks an entry's own page only; what lies behind it and beside it counts, too. */}
            <Link to={entry.to} className={on ? 'on' : undefined} aria-current={on ? 'page' : undefined} activeOptions={{ exact: true, includeSearch: false }}>
              <Icon name={entry.icon} size={19} />
              <span>{t(`nav.${entry.key}`)}</span>
              {entry.key === 'approvals' && todo > 0 ? <span className="n" role="img" aria-label={t('approvalsWaiting', { count: todo })}>{todo > 99 ? '99+' : todo}</span> : null}
            </Link>
          </Fragment>
        );
      })}
    </nav>
  );
}
