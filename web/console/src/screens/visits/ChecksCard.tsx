import type { Visit } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { checksOf, type Check } from './checks';
import { visitsText } from './text';

const LOOK = { ok: ['okCircle', 'fg-visit'], open: ['unknownCircle', 'fg-late'], not: ['info', 'fg-late'] } as const;

/** Everything that was looked at; fine things are as large as open ones. */
export function ChecksCard({ visit }: { visit: Visit }) {
  const t = useT(visitsText);
  const format = useFormat();
  const checks = checksOf(visit);
  const words = ({ key, values }: Check) => {
    const { stay, presence, late, ...counts } = values;
    return t(`check.${key}`, {
      ...counts,
      ...(stay === undefined ? {} : { stay: format.duration(stay) }),
      ...(presence === undefined ? {} : { presence: format.duration(presence) }),
      ...(late === undefined ? {} : { duration: format.duration(late) }),
    });
  };
  return (
    <section className="card">
      <div className="hd">
        <h2>{t('checks')}</h2>
        <span className="sub">{t('checksSub', { ok: checks.filter((one) => one.result === 'ok').length, count: checks.length })}</span>
      </div>
      <ul className="visit-checks">
        {checks.map((check) => (
          <li key={check.key}>
            <Icon name={LOOK[check.result][0]} size={15} weight={2} className={LOOK[check.result][1]} />
            <span>{words(check)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
