import type { LivePerson } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, STATE_LOOK } from '@tashi/shared/ui';
import { COUNT_KEYS, countOf, type CountKey } from './board';
import { liveText } from './text';

/** Six numbers that add up to the team; each is a filter. */
export function Counts({ people, chosen, onChoose }: {
  people: readonly LivePerson[] | undefined;
  chosen: CountKey | undefined;
  onChoose(next: CountKey | undefined): void;
}) {
  const t = useT(liveText);
  const common = useT(commonText);
  const format = useFormat();
  return (
    <div className="live-counts" role="group" aria-label={t('counts')}>
      {COUNT_KEYS.map((key) => {
        const look = key === 'out' ? { icon: 'bed' as const, tone: 'silent' as const } : STATE_LOOK[key];
        const on = key === chosen;
        const tone = key === 'out' ? 'm3' : `fg-${look.tone}`;
        return (
          <button key={key} type="button" className={on ? 'on' : ''} aria-pressed={on} onClick={() => onChoose(on ? undefined : key)}>
            <b className={tone}>{people ? format.number(countOf(people, key)) : '–'}</b>
            <span className={tone}>
              <Icon name={look.icon} size={13} weight={2} />
              {key === 'out' ? t('count.out') : common(`state.${key}`)}
            </span>
          </button>
        );
      })}
    </div>
  );
}
