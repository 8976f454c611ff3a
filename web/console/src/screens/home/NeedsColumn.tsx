import { Link, useRouter } from '@tanstack/react-router';
import type { Home } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, type IconName } from '@tashi/shared/ui';
import { needsFirst } from './byGoal';
import { homeText } from './text';

/** Picture by the first part of a kind: `visit.ineffective` is a visit. */
const ICON: Record<string, IconName> = {
  visit: 'visit', plan: 'plan', task: 'task', customer: 'store', tracker: 'locate', employee: 'user', problem: 'warn', import: 'upload', password: 'key',
};

/** What waits for the person in front of the screen; every line opens its rows; first what serves the goal of the company. */
export function NeedsColumn({ needs, goal }: { needs: Home['needs_me'] | null; goal: string }) {
  const t = useT(homeText);
  const format = useFormat();
  const router = useRouter();
  const total = needs?.reduce((sum, one) => sum + one.count, 0) ?? 0;
  const today = format.today();
  return (
    <section className="card home-column home-needs" aria-label={t('needs')}>
      <div className="home-question">
        <h2>{t('needs')}</h2>
        <span className="s12 m3">{t('needsSub')}</span>
        <span className="home-n">{needs ? format.number(total) : ''}</span>
      </div>
      <div className="home-list">
        {needs === null ? <SkeletonRows rows={5} height={52} /> : null}
        {needs && total === 0 ? <p className="home-none"><b>{t('needsNone')}</b><br /><span className="m3">{t('needsNoneDetail')}</span></p> : null}
        <ul>
          {needsFirst(goal, needs?.filter((one) => one.count > 0) ?? []).map((one) => (
            <li key={one.kind + one.link}>
              <a
                className="home-need"
                href={one.link}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  router.history.push(one.link);
                }}
              >
                <span className="home-need-icon"><Icon name={ICON[one.kind.split('.')[0] ?? ''] ?? 'bell'} size={15} /></span>
                <span className="sp">{one.title}</span>
                <b className="home-need-count">{format.number(one.count)}</b>
                <Icon name="right" size={15} className="m3" />
              </a>
            </li>
          ))}
        </ul>
      </div>
      <div className="home-foot"><Link to="/visits" search={{ from: today, to: today }} className="end">{t('allVisits')}</Link></div>
    </section>
  );
}
