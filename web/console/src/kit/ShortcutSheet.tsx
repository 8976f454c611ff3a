import { useT } from '@tashi/shared/i18n';
import { shellText } from '../app/text';
import { Modal } from './Modal';
import { useShortcutList } from './shortcuts';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

function caps(keys: string): string[] {
  return keys.split(' ').map((key) => key.replace('mod+', isMac ? '⌘' : 'Ctrl ').replace('alt+', isMac ? '⌥' : 'Alt ').toUpperCase());
}

/** All keys that work on this page right now. */
export function ShortcutSheet({ onClose }: { onClose(): void }) {
  const t = useT(shellText);
  const list = useShortcutList();
  return (
    <Modal title={t('shortcuts')} onClose={onClose}>
      <dl className="keys">
        {list.map((one) => (
          <div key={one.keys}>
            <dt>{caps(one.keys).map((cap) => <kbd className="kbd" key={cap}>{cap}</kbd>)}</dt>
            <dd>{one.label}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
