import { useState } from 'react';
import type { CalendarFeed } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast, toastProblem } from '@tashi/shared/ui';
import { useCached } from '../../app/cached.ts';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { meText } from './text.ts';

/** My visits in the calendar I already use: an address that is the key, shown once. */
export function CalendarScreen() {
  const t = useT(meText);
  const c = useT(commonText);
  const f = useFormat();
  const { data, problem, refresh } = useCached('calendar-feed', () => client.get<CalendarFeed>('/me/calendar'));
  const [url, setUrl] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = async (run: () => Promise<void>) => {
    setBusy(true);
    try {
      await run();
      await refresh();
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const open = () => change(async () => setUrl((await client.post<{ url: string }>('/me/calendar', {})).url));
  const close = async () => {
    const { confirm } = await import('../../shell/mobile.tsx');
    if (!(await confirm({ title: t('calendarCloseConfirm'), confirmText: t('calendarClose'), cancelText: t('cancel') }))) return;
    await change(async () => {
      await client.delete('/me/calendar');
      setUrl(null);
    });
  };
  const feed = url ? `${url}.ics` : '';
  return (
    <Page title={t('calendar')} backTo="/me">
      {data === undefined || (data === null && !problem && navigator.onLine) ? <SkeletonRows rows={2} height={64} /> : null}
      {data === null && (problem || !navigator.onLine) ? <Empty title={t('calendarNeedNet')} /> : null}
      {data ? (
        <section className="card mx" style={{ padding: 16, marginTop: 4, display: 'flex', flexDirection: 'column', gap: 12 }}>
          <p className="m2">{t('calendarIntro')}</p>
          {feed ? (
            <>
              <b>{t('calendarOnce')}</b>
              <div className="row g12"><code style={{ overflowWrap: 'anywhere', minWidth: 0, flex: 1 }}>{feed}</code>
                <button type="button" className="ib" aria-label={c('copy')} onClick={() => void navigator.clipboard?.writeText(feed).then(() => toast(c('copied')))}><Icon name="copy" size={20} /></button>
              </div>
              <a className="cta" href={feed.replace(/^https?:/, 'webcal:')}><Icon name="plan" size={20} />{t('calendarSubscribe')}</a>
            </>
          ) : data.open ? <p className="row g6"><Icon name="okCircle" size={18} />{t('calendarSince', { when: f.dateTime(data.since) })}</p> : null}
          {feed ? null : <button type="button" className="cta" disabled={busy} onClick={() => void open()}><Icon name="link" size={20} />{t(data.open ? 'calendarAnew' : 'calendarOpen')}</button>}
          {data.open ? <button type="button" className="cta danger" disabled={busy} onClick={() => void close()}>{t('calendarClose')}</button> : null}
        </section>
      ) : null}
    </Page>
  );
}
