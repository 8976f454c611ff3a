import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Readiness } from '@tashi/shared/api';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useCan, useMe } from '../../app/session';
import { useStored } from '../../kit/stored';
import { readyLines, type ReadyLine } from './ready';
import { readyText } from './readyText';

/**
 * What is still missing before the people go out, read from what is there. For whoever runs the company; gone when all of it is
 * there, or when it is put away.
 */
export function Ready() {
  const me = useMe();
  const setsUp = useCan('company.write');
  const [over, setOver] = useStored(`tashi.ready.${me.company.id}`, false);
  const asked = setsUp && !over && !me.company.demo;
  const told = useQuery({ queryKey: ['readiness'], queryFn: () => api.get<Readiness>('/readiness'), enabled: asked, staleTime: 5_000, refetchInterval: 60_000 });
  const now = useNow(60_000);
  if (!asked || !told.data) return null;
  const lines = readyLines(told.data, now, window.location.protocol === 'https:');
  if (lines.every((one) => one.done)) return null;
  return <List told={told.data} lines={lines} onOver={() => setOver(true)} />;
}

function List({ told, lines, onOver }: { told: Readiness; lines: ReadyLine[]; onOver(): void }) {
  const t = useT(readyText);
  const format = useFormat();
  const detail = (key: ReadyLine['key'], done: boolean): string => {
    switch (key) {
      case 'zone': return told.time_zone;
      case 'people': return t('people.detail', { count: told.people });
      case 'phones': return t('phones.detail', { on: format.number(told.on_phones), all: format.number(told.people) });
      case 'customers': return t('customers.detail', { placed: format.number(told.customers_placed), all: format.number(told.customers) });
      case 'backup': return told.backup_at ? t('backup.last', { when: format.dateTime(told.backup_at) }) : t('backup.never');
      default: return t(done ? `${key}.done` : `${key}.open`);
    }
  };
  return (
    <section className="card home-first home-ready" aria-label={t('title')}>
      <div className="row g8">
        <h2 className="s16 w7">{t('title')}</h2>
        <span className="s12 m3">{t('progress', { done: format.number(lines.filter((one) => one.done).length), all: format.number(lines.length) })}</span>
        <span className="sp" />
        <button type="button" className="icb small" aria-label={t('putAway')} title={t('putAway')} onClick={onOver}><Icon name="close" size={15} /></button>
      </div>
      <ul>
        {lines.map(({ key, done, to, section }) => (
          <li key={key} className={done ? 'done' : undefined}>
            <Icon name={done ? 'okCircle' : 'info'} size={18} weight={2} className={done ? 'fg-visit' : 'fg-late'} />
            <span className="stack">
              <span>
                {to ? <Link to={to} params={(section ? { section } : {}) as never} className={done ? undefined : 'w5'}>{t(key)}</Link> : <b>{t(key)}</b>}
                <span className={done ? 's12 m3' : 's12 fg-late'}> {t(done ? 'there' : 'missing')}</span>
              </span>
              <span className="s12 m2">{detail(key, done)}</span>
              {to || done ? null : <span className="s12 m2">{t(`${key as 'https' | 'backup'}.how`)}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
