import { useEffect, useState } from 'react';
import type { FieldOrder } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { ordersText } from './text.ts';

/** What the customer sent with the fault; seen with a network. */
export function OrderPhotos({ order, photos }: { order: string; photos: FieldOrder['photos'] }) {
  const t = useT(ordersText);
  const online = useOnline();
  const [urls, setUrls] = useState<Record<string, string>>({});
  useEffect(() => {
    if (!online) return;
    let gone = false;
    const made: string[] = [];
    void (async () => {
      for (const photo of photos) {
        const answer = await client.fetch('GET', '/orders/{id}/photos/{photo_id}', undefined, { params: { id: order, photo_id: photo.id } }).catch(() => null);
        const blob = await answer?.blob();
        if (!blob || gone) continue;
        const url = URL.createObjectURL(blob);
        made.push(url);
        setUrls((before) => ({ ...before, [photo.id]: url }));
      }
    })();
    return () => {
      gone = true;
      made.forEach((url) => URL.revokeObjectURL(url));
    };
  }, [order, online, photos.map((photo) => photo.id).join()]);
  return (
    <div className="shots" role="list" aria-label={t('customerPhotos')}>
      {photos.map((photo, n) => {
        const url = urls[photo.id];
        return (
          <div key={photo.id} role="listitem">
            {url ? <a href={url} target="_blank" rel="noreferrer"><img src={url} alt={t('customerPhoto', { n: n + 1 })} /></a> : <div className="ph" role="img" aria-label={t('customerPhoto', { n: n + 1 })}><Icon name={online ? 'image' : 'noNetwork'} size={26} /></div>}
          </div>
        );
      })}
    </div>
  );
}
