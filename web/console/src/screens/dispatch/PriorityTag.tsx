import { useT } from '@tashi/shared/i18n';
import { Badge } from '@tashi/shared/ui';
import { dispatchText } from './text';

export function PriorityTag({ priority }: { priority: number }) {
  const t = useT(dispatchText);
  if (priority >= 3) return <Badge tone="problem" icon="bolt">{t('priority.3')}</Badge>;
  return priority === 2 ? <Badge tone="late" icon="bolt">{t('priority.2')}</Badge> : <Badge tone="idle">{t('priority.1')}</Badge>;
}
