import { useNavigate } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { useMemo } from 'react';
import { visibleNavigation } from '../app/navigation';
import { useMe } from '../app/session';
import { shellText } from '../app/text';
import { useShortcuts, type Shortcut } from '../kit/shortcuts';
import { useHasObjects } from '../screens/objects/useObjects';

/** Keys that work on every page: ⌘K, ?, and g + letter for each place of the rail. */
export function useGlobalShortcuts({ openPalette, openSheet }: { openPalette(): void; openSheet(): void }): void {
  const t = useT(shellText);
  const me = useMe();
  const objects = useHasObjects();
  const navigate = useNavigate();
  const list = useMemo(() => {
    const shortcuts: Shortcut[] = [
      { keys: 'mod+k', label: t('searchHint'), run: openPalette, always: true },
      { keys: '?', label: t('shortcuts'), run: openSheet },
    ];
    for (const entry of visibleNavigation(me.permissions, objects)) {
      shortcuts.push({ keys: `g ${entry.shortcut}`, label: t(`nav.${entry.key}`), run: () => void navigate({ to: entry.to }) });
    }
    return shortcuts;
  }, [t, me.permissions, objects, navigate, openPalette, openSheet]);
  useShortcuts(list);
}
