import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useTerritories } from '../screens/territories/useTerritories';
import { kitText } from './text';

/** The group of customers a list is narrowed to, as a report counted it; a click widens the list again. */
export function GroupChip({ group, onClear }: { group: string; onClear(): void }) {
  const t = useT(kitText);
  const [kind = '', ...rest] = group.split(':');
  const name = rest.join(':');
  const territories = useTerritories(kind === 'territory');
  const known = kind === 'territory' ? territories.data?.items.find((one) => one.id === name)?.name ?? name : name;
  const word = kind === 'grade' || kind === 'tag' || kind === 'territory' ? t(name ? `group.${kind}` : `group.${kind}.none`, { name: known }) : group;
  return <button type="button" className="chip on" title={t('group.clear')} onClick={onClear}>{word}<Icon name="close" size={12} /></button>;
}
