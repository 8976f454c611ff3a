import type { Finding } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { truthText } from './text';

/** What a number of a finding is called; those that only the engine needs have no name and are not shown. */
const NAMES = [
  'fixes', 'points', 'minutes', 'seconds', 'distance_m', 'radius_m', 'accuracy_m', 'unique_share', 'modal_share', 'share', 'distinct', 'moved_mps', 'off_deg',
  'ratio', 'rho', 'windows', 'rms_m', 'deviation_m', 'length_m', 'steps', 'cv_share', 'mean_mps', 'turns', 'cells', 'jumps', 'matches', 'day_share', 'residual_m',
  'shift_hours', 'ahead_s', 'behind_s', 'spread_s', 'step_s', 'delay_minutes', 'owner_days', 'usual_days', 'claimed_minutes', 'away_share', 'speed_mps', 'hours',
  'photos', 'offset_s', 'exact_points', 'earlier_visits', 'earlier_m', 'apart_m', 'extent_m', 'median_m',
] as const;
type Name = (typeof NAMES)[number];
const named = (name: string): name is Name => NAMES.some((known) => known === name);

/** Where a number lies beside the line a rule draws. */
const LIMITS: Record<string, { name: Name; limit(finding: Finding): number | undefined }> = {
  OUT_OF_RANGE: { name: 'distance_m', limit: (finding) => valueOf(finding, 'radius_m') },
  // The tolerance of the rules about clocks, seconds.
  CLOCK_MOVED: { name: 'offset_s', limit: () => 150 },
  CLOCK_AHEAD: { name: 'ahead_s', limit: () => 150 },
  // Six seconds a step.
  STEPS_HURRIED: { name: 'seconds', limit: (finding) => (valueOf(finding, 'steps') ?? 0) * 6 },
};

function valueOf(finding: Finding, name: Name): number | undefined {
  return finding.numbers.find((one) => one.name === name)?.value;
}

function useShown() {
  const format = useFormat();
  return (name: Name, value: number): string => {
    const digits = Number.isInteger(value) || Math.abs(value) >= 20 ? 0 : 2;
    if (name.endsWith('share')) return format.percent(value);
    if (name.endsWith('_mps')) return `${format.number(value, digits)} m/s`;
    if (name.endsWith('_m')) return value >= 20 ? format.distance(value) : `${format.number(value, digits)} m`;
    if (name.endsWith('_s') || name === 'seconds') return format.duration(value);
    if (name.endsWith('minutes')) return format.duration(value * 60);
    if (name.endsWith('hours')) return format.duration(Math.abs(value) * 3600);
    if (name === 'off_deg') return `${format.number(value, 0)}°`;
    return format.number(value, digits);
  };
}

/** The numbers of a finding with their names, and a line where the rule has one. */
export function Measured({ finding }: { finding: Finding }) {
  const t = useT(truthText);
  const shown = useShown();
  const numbers = finding.numbers.flatMap(({ name, value }) => (named(name) ? [{ name, value }] : []));
  if (!numbers.length) return null;
  return (
    <>
      <Gauge finding={finding} />
      <dl className="truth-numbers" aria-label={t('measured')}>
        {numbers.map(({ name, value }) => (
          <div key={name}>
            <dt>{t(`number.${name}`)}</dt>
            <dd>{shown(name, value)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Gauge({ finding }: { finding: Finding }) {
  const t = useT(truthText);
  const shown = useShown();
  const rule = LIMITS[finding.code];
  const value = rule ? valueOf(finding, rule.name) : undefined;
  const limit = rule?.limit(finding);
  if (!rule || value === undefined || !limit) return null;
  // Both lie well inside the line, whichever is larger.
  const full = Math.max(value, limit) * 1.15;
  const at = (v: number) => `${(Math.max(0, v) / full) * 100}%`;
  const label = t(`number.${rule.name}`);
  return (
    <div className="truth-gauge" role="img" aria-label={t('gauge', { label, value: shown(rule.name, value), limit: shown(rule.name, limit) })}>
      <div className="words"><b style={{ left: at(value) }}>{shown(rule.name, value)}</b></div>
      <div className={rule.name === 'seconds' ? 'line under' : 'line'} style={{ '--limit': at(limit) } as React.CSSProperties}>
        <i className="tick" style={{ left: at(limit) }} />
        <i className={`dot bg-${finding.band}`} style={{ left: at(value) }} />
      </div>
      <div className="words">
        <span style={{ left: at(limit) }}>{t('gaugeLimit', { limit: shown(rule.name, limit) })}</span>
      </div>
    </div>
  );
}
