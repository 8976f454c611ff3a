import { useT } from '@tashi/shared/i18n';
import { PasswordForm } from './PasswordForm';
import { accountText } from './text';

/** Shown instead of every page until the initial password has been replaced by one's own. */
export function FirstPassword() {
  const t = useT(accountText);
  return (
    <div className="narrow-page">
      <h2 className="s20">{t('password.firstTitle')}</h2>
      <p className="m2">{t('password.firstDetail')}</p>
      <PasswordForm />
    </div>
  );
}
