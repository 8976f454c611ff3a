import { useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { objectsText } from './text';

/** Icons an object may have. */
const OFFERED = ['box', 'tag', 'cart', 'flag', 'star', 'receipt', 'wrench', 'store', 'target', 'book', 'report', 'idCard', 'bolt', 'car', 'globe', 'building', 'chart', 'cards'] as const satisfies readonly IconName[];

/** One of the icons an object may have. */
export function IconChoice({ value, onChange }: { value: string; onChange(icon: string): void }) {
  const t = useT(objectsText);
  return (
    <div className="object-part" role="radiogroup" aria-label={t('icon')}>
      <span className="s12 m2">{t('icon')}</span>
      <span className="object-icons">
        {OFFERED.map((one) => (
          <button key={one} type="button" role="radio" aria-checked={value === one} aria-label={t(`icon.${one}`)} title={t(`icon.${one}`)} className={value === one ? 'icb on' : 'icb'} onClick={() => onChange(one)}><Icon name={one} size={18} /></button>
        ))}
      </span>
    </div>
  );
}
