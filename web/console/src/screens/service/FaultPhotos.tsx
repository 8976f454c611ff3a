import { newId } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useRef, useState } from 'react';
import { serviceText } from './text';

const MOST = 3;
/** Long edge of what is sent, px: enough to see what is broken, little enough for a bad line. */
const EDGE = 1600;

export interface FaultPhoto {
  id: string;
  blob: Blob;
  url: string;
}

/** A picture made smaller, without what its camera wrote into it. */
async function smaller(file: File): Promise<FaultPhoto> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
  if (!blob) throw new Error('No picture came of it');
  return { id: newId(), blob, url: URL.createObjectURL(blob) };
}

/** Pictures of the fault, from the camera or from what the phone has. */
export function FaultPhotos({ photos, onChange }: { photos: readonly FaultPhoto[]; onChange(next: FaultPhoto[]): void }) {
  const t = useT(serviceText);
  const input = useRef<HTMLInputElement>(null);
  const [bad, setBad] = useState(false);
  const take = async (files: readonly File[]) => {
    setBad(false);
    const next = [...photos];
    for (const file of files.slice(0, MOST - photos.length)) {
      const photo = await smaller(file).catch(() => null);
      if (photo) next.push(photo);
      else setBad(true);
    }
    onChange(next);
  };
  return (
    <div className="stack" role="group" aria-label={t('photos')}>
      <span>{t('photos')}</span>
      <div className="fault-photos">
        {photos.map((photo, n) => (
          <span key={photo.id}>
            <img src={photo.url} alt={t('photoN', { n: n + 1 })} />
            <button type="button" aria-label={t('photoOut', { n: n + 1 })} onClick={() => { URL.revokeObjectURL(photo.url); onChange(photos.filter((one) => one.id !== photo.id)); }}><Icon name="close" size={16} /></button>
          </span>
        ))}
      </div>
      {photos.length < MOST ? <button type="button" className="btn fault-add" onClick={() => input.current?.click()}><Icon name="camera" size={18} />{t('photoAdd')}</button> : null}
      <input ref={input} type="file" hidden multiple accept="image/*" aria-label={t('photos')} onChange={(event) => { void take([...(event.target.files ?? [])]); event.target.value = ''; }} />
      {bad ? <span className="s12 fg-problem" role="alert">{t('photoBad')}</span> : null}
    </div>
  );
}
