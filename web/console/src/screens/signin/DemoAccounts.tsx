import { useQuery } from '@tanstack/react-query';
import { api, type DemoAccount } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar } from '@tashi/shared/ui';
import { signInText } from './text';

const ROLES = ['admin', 'manager', 'rep'] as const;

/** Sign-in by one click on a demo server: one account of each role first, all others folded away. */
export function DemoAccounts({ busy, onChoose }: { busy: boolean; onChoose(account: DemoAccount): void }) {
  const t = useT(signInText);
  const accounts = useQuery({
    queryKey: ['demo-accounts'],
    queryFn: async () => (await api.get<{ items: DemoAccount[] }>('/demo/accounts')).items,
    staleTime: Infinity,
  });
  const all = accounts.data ?? [];
  const first = all[0]?.company;
  const shown = ROLES.flatMap((role) => all.find((one) => one.role === role && one.company === first) ?? []);
  const rest = all.filter((one) => !shown.includes(one));
  if (!all.length) return null;
  return (
    <section className="demo-accounts" aria-label={t('demoAccounts')}>
      <h2>{t('demoAccounts')}</h2>
      <ul>{shown.map((one) => <Row key={one.login} account={one} busy={busy} onChoose={onChoose} />)}</ul>
      {rest.length ? (
        <details>
          <summary>{t('demoMore', { count: rest.length })}</summary>
          <ul>{rest.map((one) => <Row key={one.login} account={one} busy={busy} onChoose={onChoose} />)}</ul>
        </details>
      ) : null}
    </section>
  );
}

function Row({ account, busy, onChoose }: { account: DemoAccount; busy: boolean; onChoose(account: DemoAccount): void }) {
  const t = useT(signInText);
  const format = useFormat();
  const role = ROLES.find((one) => one === account.role);
  return (
    <li>
      <button type="button" disabled={busy} onClick={() => onChoose(account)}>
        <Avatar name={account.name} size="sm" />
        <span className="cell2">
          <b>{format.dots([account.name, role ? t(`role.${role}`) : account.role])}</b>
          <span className="sub">{account.department === account.company ? account.company : format.dots([account.company, account.department])}</span>
        </span>
      </button>
    </li>
  );
}
