/** Runs a write and tells the person at once, in words, when the phone could not keep it. */
import { translate } from '@tashi/shared/i18n';
import { DiskFull } from '../sync/store.ts';
import { shellText } from './text.ts';

/** True when it is on the disk. */
export async function saving(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!(error instanceof DiskFull)) throw error;
    const t = translate(shellText);
    const { alert } = await import('./mobile.tsx');
    await alert({ title: t('diskFullTitle'), content: t('diskFullText'), confirmText: t('gotIt') });
    return false;
  }
}
