import { Link } from '@tanstack/react-router';
import type { GalleryPhoto } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { type KeyboardEvent, useEffect } from 'react';
import { Modal } from '../../kit/Modal';
import { galleryText } from './text';

/** From here on the next page is fetched before it is needed. */
const AHEAD = 5;

/** One photo large, with what it belongs to; the arrow keys go on. */
export function PhotoView({ photos, at, more, onMore, onMove, onClose }: { photos: readonly GalleryPhoto[]; at: number; more: boolean; onMore(): void; onMove(id: string): void; onClose(): void }) {
  const t = useT(galleryText);
  const format = useFormat();
  const language = useLanguage();
  const photo = photos[at]!;
  useEffect(() => {
    if (more && at >= photos.length - AHEAD) onMore();
  }, [at, more, photos.length]);
  const go = (by: number) => {
    const next = photos[at + by];
    if (next) onMove(next.id);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') go(-1);
    else if (event.key === 'ArrowRight') go(1);
    else return;
    event.preventDefault();
  };
  const customer = photo.customer?.name ?? t('outside');
  return (
    <Modal bare width={1100} title={t('photoOf', { customer, person: photo.employee.name, time: format.dateTime(photo.taken_at) })} onClose={onClose}>
      <div className="gallery-view" onKeyDown={keys}>
        <header>
          <b className="clip">{customer}</b>
          <span className="m2 clip">{format.dots([photo.form ? said(photo.form.label ?? photo.form.title, language) : t('visitStep'), photo.employee.name, format.dateTime(photo.taken_at)])}</span>
          {photo.live ? null : <span className="tag">{t('notLive')}</span>}
          <span className="sp" />
          <span className="s12 m3 nw" aria-live="polite">{t('place', { n: at + 1, count: photos.length })}</span>
          <button type="button" className="icb" data-autofocus aria-label={t('close')} onClick={onClose}><Icon name="close" /></button>
        </header>
        <div className="gallery-stage">
          <button type="button" disabled={at === 0} aria-label={t('prev')} onClick={() => go(-1)}><Icon name="left" size={24} /></button>
          <span><img key={photo.id} src={`/api/v1/photos/${photo.id}/stamped`} alt={said(photo.form?.label ?? undefined, language) || customer} /></span>
          <button type="button" disabled={at === photos.length - 1} aria-label={t('next')} onClick={() => go(1)}><Icon name="right" size={24} /></button>
        </div>
        <footer>
          {photo.visit_id ? <Link to="/visits/$id" params={{ id: photo.visit_id }} className="btn sm">{t('openVisit')}</Link> : null}
          {photo.form ? <Link to="/designer/forms/$id" params={{ id: photo.form.id }} search={{ tab: 'records', record: photo.form.record_id } as never} className="btn sm">{t('openRecord')}</Link> : null}
          <a className="btn sm" href={`/api/v1/photos/${photo.id}/original`} download={`${photo.id}.jpg`}><Icon name="download" size={14} />{t('download')}</a>
          <span className="sp" />
          <span className="s12 m3">{t('hint')}</span>
        </footer>
      </div>
    </Modal>
  );
}
