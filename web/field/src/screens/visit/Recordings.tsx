import { useEffect, useState } from 'react';
import { useFormat, useT } from '@tashi/shared/i18n';
import { db } from '../../sync/store.ts';
import type { LocalVisit } from '../../work/visit.ts';
import { clock } from './Recorder.tsx';
import { recorderText } from './recorderText.ts';

/** Recordings of the person's own, to be heard again as long as they are on the phone. */
export function Recordings({ visit, ids }: { visit: LocalVisit; ids: readonly string[] }) {
  const t = useT(recorderText);
  const f = useFormat();
  const [urls, setUrls] = useState<Record<string, string>>({});
  const key = ids.join();
  useEffect(() => {
    let gone = false;
    const made: string[] = [];
    void db.photos.bulkGet(key ? key.split(',') : []).then((rows) => {
      if (gone) return;
      setUrls(Object.fromEntries(rows.flatMap((row) => {
        if (!row) return [];
        const url = URL.createObjectURL(new Blob([row.bytes], { type: row.mime }));
        made.push(url);
        return [[row.id, url]];
      })));
    });
    return () => {
      gone = true;
      made.forEach((url) => URL.revokeObjectURL(url));
    };
  }, [key]);
  return (
    <div className="rec-list">
      {ids.map((id, n) => {
        const one = visit.recordings?.find((r) => r.id === id);
        const facts = { n: n + 1, time: f.time(one?.started_at ?? null), length: clock(one?.duration_ms ?? 0) };
        return <div key={id}><p>{t(urls[id] ? 'clip' : 'onPhone', facts)}</p>{urls[id] ? <audio controls preload="metadata" src={urls[id]} aria-label={t('clip', facts)} /> : null}</div>;
      })}
    </div>
  );
}
