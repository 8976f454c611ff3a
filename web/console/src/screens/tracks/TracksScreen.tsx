import { useT } from '@tashi/shared/i18n';
import { shellText } from '../../app/text';

export function TracksScreen() {
  const t = useT(shellText);
  return <h2 className="s16 w7" style={{ padding: 20 }}>{t('nav.tracks')}</h2>;
}
