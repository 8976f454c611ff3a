import { useRef, useState } from 'react';
import type { Field, Value } from '@tashi/shared/forms/index.ts';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { bytesText } from '@tashi/shared/i18n/bytes.ts';
import { saving } from '../../shell/saving.ts';
import type { Chosen } from '../../work/record.ts';
import { useOpenForm } from './context.ts';
import { chosenFile, chosenPicture } from './chosen.ts';
import { formText } from './text.ts';

/** Largest file, bytes: what the server takes. */
const LIMIT = 20 * 1024 * 1024;
/** What the server takes, so that the phone's own dialogue offers nothing else. */
const KINDS = '.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv,.jpg,.jpeg,.png,.webp,.mp4,.webm';

type Wrong = 'tooBig' | 'unreadable' | null;

/** Takes what was chosen one after another and gives back the ids. */
function useTaking(ids: string[], most: number, onChange: (value: Value) => void, read: (file: File) => Promise<Chosen>) {
  const { keep } = useOpenForm();
  const [wrong, setWrong] = useState<Wrong>(null);
  const [busy, setBusy] = useState(false);
  const take = async (files: readonly File[]) => {
    setWrong(null);
    setBusy(true);
    const all = [...ids];
    for (const file of files.slice(0, most - ids.length)) {
      const chosen = await read(file).catch(() => null);
      if (!chosen) setWrong('unreadable');
      else if (chosen.size > LIMIT) setWrong('tooBig');
      else {
        let id = '';
        if (await saving(keep(chosen).then((kept) => { id = kept.id; }))) all.push(id);
      }
    }
    setBusy(false);
    if (all.length > ids.length) onChange(all);
  };
  return { wrong, busy, take };
}

function Complaint({ wrong }: { wrong: Wrong }) {
  const t = useT(formText);
  return wrong ? <p className="err" role="alert"><Icon name="warn" size={16} />{t(wrong)}</p> : null;
}

/** Documents chosen on the phone; they are kept at once and leave with the record. */
export function Files({ field, value, label, onChange }: { field: Extract<Field, { type: 'file' }>; value: Value; label: string; onChange: (value: Value) => void }) {
  const t = useT(formText);
  const f = useFormat();
  const { files } = useOpenForm();
  const input = useRef<HTMLInputElement>(null);
  const ids = Array.isArray(value) ? (value as string[]) : [];
  const most = field.max ?? 9;
  const { wrong, busy, take } = useTaking(ids, most, onChange, chosenFile);
  return (
    <div className="form-files">
      <p className="hint">{t('filesMost', { max: most })}</p>
      {ids.map((id, n) => {
        const file = files.find((one) => one.id === id);
        const name = file?.name ?? t('fileN', { n: n + 1 });
        return (
          <div key={id} className="form-file">
            <Icon name="file" size={22} />
            <span className="grow"><b className="clip">{name}</b>{file ? <small>{f.dots([bytesText(file.size)])}</small> : null}</span>
            <button type="button" className="ib" aria-label={t('fileOut', { name })} onClick={() => onChange(ids.length > 1 ? ids.filter((one) => one !== id) : null)}><Icon name="close" size={20} /></button>
          </div>
        );
      })}
      {ids.length >= most ? null : <button type="button" className="chipbtn" disabled={busy} onClick={() => input.current?.click()}><Icon name="upload" size={18} />{t(ids.length ? 'fileMore' : 'fileChoose')}</button>}
      <input ref={input} type="file" hidden multiple={most > 1} accept={KINDS} aria-label={label} onChange={(e) => { void take([...(e.target.files ?? [])]); e.target.value = ''; }} />
      <Complaint wrong={wrong} />
    </div>
  );
}

/** Pictures of a record that belongs to no visit: taken with the phone's own camera, made smaller, sent as files. */
export function LoosePhotos({ field, value, label, onChange }: { field: Extract<Field, { type: 'photo' }>; value: Value; label: string; onChange: (value: Value) => void }) {
  const t = useT(formText);
  const { files } = useOpenForm();
  const input = useRef<HTMLInputElement>(null);
  const ids = Array.isArray(value) ? (value as string[]) : [];
  const most = field.max ?? 9;
  const { wrong, busy, take } = useTaking(ids, most, onChange, chosenPicture);
  return (
    <>
      <p className="hint">{field.min ? t('photosNeed', { min: field.min, max: most }) : t('photosMost', { max: most })}</p>
      <div className="shots">
        {ids.map((id, n) => {
          const thumb = files.find((one) => one.id === id)?.thumb;
          return (
            <div key={id} className="form-shot">
              {thumb ? <img src={thumb} alt={t('photoN', { n: n + 1 })} /> : <div className="ph" role="img" aria-label={t('photoN', { n: n + 1 })}><Icon name="image" size={28} /></div>}
              <button type="button" aria-label={t('photoOut', { n: n + 1 })} onClick={() => onChange(ids.length > 1 ? ids.filter((one) => one !== id) : null)}><Icon name="close" size={16} weight={2} /></button>
            </div>
          );
        })}
        {ids.length >= most ? null : <button type="button" disabled={busy} onClick={() => input.current?.click()}><Icon name="camera" size={26} />{t('photo')}</button>}
      </div>
      <input ref={input} type="file" hidden accept="image/*" {...(field.gallery ? { multiple: most > 1 } : { capture: 'environment' as const })} aria-label={label} onChange={(e) => { void take([...(e.target.files ?? [])]); e.target.value = ''; }} />
      <Complaint wrong={wrong} />
    </>
  );
}
