import { useFormat, useT } from '@tashi/shared/i18n';
import { useMe } from '../../app/session';
import { DevicesCard } from './DevicesCard';
import { PasswordForm } from './PasswordForm';
import { accountText } from './text';
import { TotpCard } from './TotpCard';

/** One's own account: password, two-step sign-in, devices. */
export function AccountPanel() {
  const t = useT(accountText);
  const format = useFormat();
  const me = useMe();
  return (
    <div className="panel-page">
      <header className="panel-head">
        <div>
          <h2>{t('title')}</h2>
          <p>{format.dots([me.employee.name, me.employee.department.name, me.employee.role.name])}</p>
        </div>
      </header>
      <section className="panel-card">
        <h3>{t('password.title')}</h3>
        <PasswordForm />
      </section>
      <TotpCard />
      <DevicesCard />
    </div>
  );
}
