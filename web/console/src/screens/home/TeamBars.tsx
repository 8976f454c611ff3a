import { Link } from '@tanstack/react-router';
import type { Home } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { homeText } from './text';

const PARTS = ['effective', 'open', 'overdue', 'todo'] as const;

/** One bar a team: effective, on visit, past its time, not yet. */
export function TeamBars({ team }: { team: Home['team'] | null }) {
  const t = useT(homeText);
  const format = useFormat();
  const today = format.today();
  return (
    <>
      <div className="home-question small">
        <h2 className="s14">{t('team')}</h2>
        <span className="s12 m3">{t('teamSub')}</span>
      </div>
      {team === null ? <SkeletonRows rows={4} height={34} /> : null}
      {team?.length === 0 ? <p className="home-none m3">{t('teamNone')}</p> : null}
      <div className="home-teams">
        {team?.map((one) => {
          const total = one.effective + one.open + one.overdue + one.todo;
          return (
            <Link key={one.department.id} to="/reports" search={{ day: today, department: one.department.id }} className="home-team">
              <b className="clip" title={one.department.name}>{one.department.name}</b>
              <span
                className="home-stack"
                role="img"
                aria-label={t('bar.label', { name: one.department.name, effective: one.effective, open: one.open, overdue: one.overdue, todo: one.todo })}
              >
                {PARTS.map((part) => (one[part] ? <i key={part} className={part} style={{ flexGrow: one[part] }} /> : null))}
              </span>
              <span className="home-of"><b>{format.number(one.effective)}</b> <span className="m3">/ {format.number(total)}</span></span>
              <span className={one.overdue ? 'home-word fg-late' : 'home-word fg-visit'}>
                <Icon name={one.overdue ? 'clock' : 'okCircle'} size={13} weight={2} />
                {one.overdue ? t('overdue', { count: one.overdue }) : t('onTime')}
              </span>
            </Link>
          );
        })}
      </div>
      <div className="home-foot">
        {PARTS.map((part) => (
          <span key={part} className="row g4"><i className={`home-swatch ${part}`} aria-hidden="true" />{t(`bar.${part}`)}</span>
        ))}
      </div>
    </>
  );
}
