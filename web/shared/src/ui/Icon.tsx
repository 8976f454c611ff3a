import { ICONS, type IconName } from './iconPaths';

/** The icon of a name that comes from outside; a box where there is none of that name. */
export const iconNamed = (name: string): IconName => (name in ICONS ? (name as IconName) : 'box');

export interface IconProps {
  name: IconName;
  /** Edge in px; below 15 the stroke grows so that it stays readable. */
  size?: number;
  weight?: number;
  className?: string;
  /** Read aloud when given; without it the icon is decoration. */
  label?: string;
}

/** One drawing of our icon set in the colour of the text around it. */
export function Icon({ name, size = 16, weight, className, label }: IconProps) {
  return (
    <svg
      className={className ? `icon ${className}` : 'icon'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={weight ?? (size < 15 ? 2.1 : 1.75)}
      strokeLinecap="round"
      strokeLinejoin="round"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      dangerouslySetInnerHTML={{ __html: ICONS[name] }}
    />
  );
}

/** The mark: a step up, one point above it. */
export function Logo({ size = 28, label }: { size?: number; label?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" role={label ? 'img' : undefined} aria-label={label} aria-hidden={!label}>
      <rect width="28" height="28" rx="8" fill="var(--accent)" />
      <path
        d="M6.5 20.5h5V16h4.5v-4.5h5.5"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="8.6" cy="9.3" r="2.5" fill="var(--on-accent)" />
    </svg>
  );
}
