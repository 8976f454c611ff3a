import type { LiveState } from '../api/schema';
import { STATE_LOOK } from './StateBadge';

/** First character of a name: the family name in Chinese, the first letter otherwise. */
export function initial(name: string): string {
  const first = [...name.trim()][0] ?? '';
  return first.toUpperCase();
}

/** Ringed initial of a person; the ring has the colour of the state, or is plain. The name stands beside it as text. */
export function Avatar({ name, state, size }: { name: string; state?: LiveState | 'problem'; size?: 'sm' | 'lg' }) {
  const tone = state ? STATE_LOOK[state].tone : 'plain';
  return (
    <span className={`av ${tone}${size ? ` ${size}` : ''}`} aria-hidden="true">
      {initial(name)}
    </span>
  );
}
