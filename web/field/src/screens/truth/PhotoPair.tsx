import { useEffect, useState } from 'react';
import type { Finding } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { client } from '../../app/session.ts';
import { truthText } from './text.ts';

/** Both pictures of a reused photo, beside each other. */
export function PhotoPairs({ finding }: { finding: Finding }) {
  const t = useT(truthText);
  const f = useFormat();
  return finding.photos.map((pair) => (
    <div key={pair.photo_id + pair.earlier_photo_id} style={{ marginTop: 8 }}>
      <div className="row" style={{ gap: 8, alignItems: 'flex-start' }}>
        <Shot id={pair.photo_id} caption={t('photoNow')} />
        <Shot id={pair.earlier_photo_id} caption={t('photoEarlier', { time: f.dateTime(pair.earlier_at) })} />
      </div>
      {pair.likeness ? (
        <p className="m2" style={{ font: '13px/18px var(--font)', marginTop: 4 }}>
          {f.dots([t('likeness', { percent: `${Math.round(pair.likeness * 100)} %` }), pair.mirrored ? t('mirroredNote') : null, (pair.cropped ?? 0) >= 0.02 ? t('croppedNote', { percent: `${Math.round((pair.cropped ?? 0) * 100)} %` }) : null])}
        </p>
      ) : null}
    </div>
  ));
}

/** A photo kept by the server: absent when it has not arrived, or is somebody else's. */
function Shot({ id, caption }: { id: string; caption: string }) {
  const t = useT(truthText);
  const [address, setAddress] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    let made: string | null = null;
    void (async () => {
      try {
        const answer = await client.fetch('GET', '/photos/{id}/thumb', undefined, { params: { id }, signal: stop.signal });
        made = URL.createObjectURL(await answer.blob());
        setAddress(made);
      } catch {
        if (!stop.signal.aborted) setMissing(true);
      }
    })();
    return () => {
      stop.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [id]);
  return (
    <figure style={{ flex: 1, minWidth: 0, margin: 0 }}>
      <div style={{ height: 120, borderRadius: 10, overflow: 'hidden', background: 'var(--sunken)', display: 'grid', placeItems: 'center', padding: address ? 0 : 8 }}>
        {address ? <img src={address} alt={caption} style={{ width: '100%', height: '100%', objectFit: 'cover' }} /> : missing ? <span className="m2" style={{ font: '13px/18px var(--font)', textAlign: 'center' }}>{t('photoHidden')}</span> : null}
      </div>
      <figcaption className="m3" style={{ font: '13px/18px var(--font)', marginTop: 4 }}>{caption}</figcaption>
    </figure>
  );
}
