import type { LivePerson } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, STATE_LOOK, type IconName } from '@tashi/shared/ui';
import { COUNT_KEYS, countOf, type CountKey } from './board';
import { liveText } from './text';

/** How each count looks: the state's own icon and colour; those on duty together in plain ink. */
export function countLook(key: CountKey): { icon: IconName; tone: string } {
  if (key === 'duty') return { icon: 'users', tone: '' };
  const look = STATE_LOOK[key];
  return { icon: look.icon, tone: key === 'not_started' || key === 'off_duty' ? 'm3' : `fg-${look.tone}` };
}

/** How many are in each state; each number is a filter. */
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
        const { icon, tone } = countLook(key);
        const on = key === chosen;
        return (
          <button key={key} type="button" className={on ? 'on' : ''} aria-pressed={on} onClick={() => onChoose(on ? undefined : key)}>
            <b className={tone}>{people ? format.number(countOf(people, key)) : '–'}</b>
            <span className={tone}>
              <Icon name={icon} size={13} weight={2} />
              {key === 'duty' ? t('count.duty') : common(`state.${key}`)}
            </span>
          </button>
        );
      })}
    </div>
  );
}
