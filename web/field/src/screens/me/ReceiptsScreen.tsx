import { useState } from 'react';
import type { Page as PageOf, Receipt } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toastProblem } from '@tashi/shared/ui';
import { download } from '../../app/bytes.ts';
import { useCached } from '../../app/cached.ts';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { receiptText } from './receiptText.ts';

const KINDS = ['visit.check_in', 'visit.step', 'visit.photo', 'visit.summary', 'visit.check_out', 'photo.stored', 'statement.issued', 'task.accept', 'task.skip', 'plan.reorder', 'task.on_the_way', 'urgent.accept', 'urgent.refuse', 'problem.open', 'object.create', 'consent', 'finding.found', 'finding.answered', 'finding.decided', 'finding.seconded'] as const;

/** What does the company owe me a word for? Signed receipts, kept on this phone. */
export function ReceiptsScreen() {
  const t = useT(receiptText);
  const f = useFormat();
  const { data, problem } = useCached('receipts', () => client.get<PageOf<Receipt>>('/me/receipts', { query: { limit: 200 } }));
  const [busy, setBusy] = useState('');
  const days = new Map<string, Receipt[]>();
  for (const one of data?.items ?? []) days.set(f.dayOf(one.at), [...(days.get(f.dayOf(one.at)) ?? []), one]);
  const save = async (day: string) => {
    setBusy(day);
    try {
      const answer = await client.fetch('GET', '/ledger/bundles/day', undefined, { query: { day } });
      download(await answer.blob(), `tashi-day-${day}.zip`);
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy('');
    }
  };
  return (
    <Page title={t('title')} backTo="/me">
      <div className="say mx" style={{ marginTop: 4 }}><Icon name="shield" size={24} /><div><b>{t('head')}</b>{t('text')}</div></div>
      {data === undefined || (data === null && !problem && navigator.onLine) ? <SkeletonRows rows={4} height={64} /> : null}
      {data === null && (problem || !navigator.onLine) ? <Empty title={t('needNet')} /> : null}
      {data && data.items.length === 0 ? <Empty title={t('none')} text={t('noneText')} /> : null}
      {[...days].map(([day, list]) => (
        <section key={day}>
          <h2 className="h3">{f.dayWeek(day)}<span className="end">{t('count', { count: list.length })}</span></h2>
          <ul className="card list mx">
            {list.map((one) => {
              const kind = KINDS.find((known) => known === one.kind);
              return (
                <li key={one.index} className="li">
                  <span className="ico"><Icon name="stamp" size={22} /></span>
                  <span style={{ minWidth: 0 }}><b className="clip">{kind ? t(`kind.${kind}`) : one.kind}</b><span className="d" style={{ display: 'block' }}>{t('entry', { index: f.number(one.index) })}</span></span>
                  <span className="w">{f.time(one.at)}</span>
                </li>
              );
            })}
          </ul>
          <div className="mx" style={{ paddingTop: 8 }}>
            <button type="button" className="chipbtn" style={{ width: '100%' }} disabled={busy !== ''} onClick={() => void save(day)}><Icon name="download" size={18} />{busy === day ? t('saving') : t('save')}</button>
          </div>
        </section>
      ))}
      {data && data.items.length > 0 ? (
        <div className="mx" style={{ padding: '12px 0 20px' }}>
          <button type="button" className="chipbtn" style={{ width: '100%' }} onClick={() => download(new Blob([JSON.stringify(data.items, null, 1)], { type: 'application/json' }), 'tashi-receipts.json')}><Icon name="download" size={18} />{t('saveAll')}</button>
          <p className="m3" style={{ font: '13px/18px var(--font)', paddingTop: 10 }}>{t('verify')} <a href="/verify" target="_blank" rel="noreferrer" lang="en" style={{ textDecoration: 'underline' }}>/verify</a></p>
        </div>
      ) : null}
    </Page>
  );
}
