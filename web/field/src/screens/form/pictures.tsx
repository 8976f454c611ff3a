import type { Field, Value } from '@tashi/shared/forms/index.ts';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { freshFix } from '../../location/here.ts';
import { PhotoKept } from '../../shell/KeptBadge.tsx';
import { go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { addPhoto } from '../../work/record.ts';
import { SignaturePad } from './SignaturePad.tsx';
import { useOpenForm } from './context.ts';
import { pictureOf } from './chosen.ts';
import { drawn } from './drawn.ts';
import { LoosePhotos } from './files.tsx';
import { formText } from './text.ts';

/** `rows[0].pic` as the camera's address has it: `rows.0.pic`. */
const dotted = (path: string) => path.replace('[', '.').replace(']', '');

type PhotosProps = { field: Extract<Field, { type: 'photo' }>; path: string; value: Value; label: string; onChange: (value: Value) => void };

/** Of a visit they are proof, taken with the app's own camera; elsewhere they are files. */
export function Photos(props: PhotosProps) {
  return useOpenForm().visit ? <VisitPhotos {...props} /> : <LoosePhotos {...props} />;
}

function VisitPhotos({ field, path, value, onChange }: PhotosProps) {
  const t = useT(formText);
  const { visit, step } = useOpenForm();
  const ids = Array.isArray(value) ? (value as string[]) : [];
  const most = field.max ?? 9;
  if (!visit || !step) return null;
  return (
    <>
      <p className="hint">{field.min ? t('photosNeed', { min: field.min, max: most }) : t('photosMost', { max: most })}</p>
      <div className="shots">
        {ids.map((id, n) => {
          const photo = visit.photos.find((one) => one.id === id);
          return (
            <div key={id} className="form-shot">
              {photo?.thumb ? <img src={photo.thumb} alt={t('photoN', { n: n + 1 })} /> : <div className="ph" role="img" aria-label={t('photoN', { n: n + 1 })}><Icon name="image" size={28} /></div>}
              <PhotoKept visit={visit} photoId={id} />
              <button type="button" aria-label={t('photoOut', { n: n + 1 })} onClick={() => onChange(ids.filter((one) => one !== id))}><Icon name="close" size={16} weight={2} /></button>
            </div>
          );
        })}
        {ids.length >= most ? null : <button type="button" onClick={() => go(`/visit/${visit.id}/camera/${step.id}/${encodeURIComponent(dotted(path))}`)}><Icon name="camera" size={26} />{t('photo')}</button>}
      </div>
    </>
  );
}

/** A signature drawn with the finger; it travels as a picture of the step. */
export function Signature({ value, label, onChange }: { value: Value; label: string; onChange: (value: Value) => void }) {
  const t = useT(formText);
  const { visit, step, files, keep: keepLoose } = useOpenForm();
  const photo = typeof value === 'string' ? (visit?.photos ?? files).find((one) => one.id === value) : null;
  if (typeof value === 'string') {
    return (
      <div className="form-signed">
        {photo?.thumb ? <img src={photo.thumb} alt={t('signed')} /> : <p className="hint">{t('signed')}</p>}
        <button type="button" className="chipbtn" onClick={() => onChange(null)}>{t('signAgain')}</button>
      </div>
    );
  }
  const keep = async (pad: HTMLCanvasElement) => {
    const kept = async () => (visit && step ? addPhoto(visit.id, step, { ...(await drawn(pad)), fix: freshFix() }) : (await keepLoose(await pictureOf(pad, `${t('sign')}.jpg`))).id);
    let id = '';
    const ok = await saving(kept().then((made) => { id = made; }));
    if (ok) onChange(id);
  };
  return <SignaturePad label={`${label}: ${t('signHere')}`} words={{ clear: t('clear'), done: t('signDone') }} onSigned={keep} />;
}
