import { api, type PhotoRef, type Visit } from '@tashi/shared/api';
import { commonText, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useEffect, useState } from 'react';
import { visitsText } from './text';

/** The pictures: stamped or original, with the fingerprint that anybody can check on this very page. */
export function PhotoCard({ visit }: { visit: Visit }) {
  const t = useT(visitsText);
  const language = useLanguage();
  const [at, setAt] = useState(0);
  const [stamped, setStamped] = useState(true);
  const { photos } = visit;
  const photo = photos[Math.min(at, photos.length - 1)];
  if (!photo) {
    return (
      <section className="card visit-words">
        <div className="hd"><h2>{t('photoNone')}</h2></div>
        <p className="m3">{t('photoNoneDetail')}</p>
      </section>
    );
  }
  const step = visit.steps.find((one) => one.photos.some((p) => p.id === photo.id))?.step;
  const title = step ? (language === 'en' && step.title_en) || step.title : t('photo');
  const stored = photo.status === 'stored';
  return (
    <>
      <section className="card visit-photos">
        <div className="visit-photo">
          {stored ? (
            <img src={stamped ? photo.stamped_url : photo.original_url} alt={title} width={photo.width} height={photo.height} />
          ) : (
            <span className="note"><Icon name="cloudUp" size={16} />{t('waiting')}</span>
          )}
          <span className="visit-photo-title">{title}</span>
          {stored ? (
            <span className="seg visit-photo-kind">
              <button type="button" className={stamped ? 'on' : ''} aria-pressed={stamped} onClick={() => setStamped(true)}>{t('stamped')}</button>
              <button type="button" className={stamped ? '' : 'on'} aria-pressed={!stamped} onClick={() => setStamped(false)}>{t('original')}</button>
            </span>
          ) : null}
        </div>
        <div className="row visit-strip">
          <div className="visit-thumbs" role="listbox" aria-label={t('photos')}>
            {photos.map((one, i) => (
              <button
                key={one.id}
                type="button"
                role="option"
                aria-selected={one === photo}
                aria-label={t('photoOf', { index: i + 1, count: photos.length })}
                className={one === photo ? 'on' : ''}
                onClick={() => setAt(i)}
              >
                {one.status === 'stored' ? <img src={one.thumb_url} alt="" loading="lazy" /> : <Icon name="cloudUp" size={15} />}
              </button>
            ))}
          </div>
          <span className="end s12 m3 nw">{t('photoOf', { index: photos.indexOf(photo) + 1, count: photos.length })}</span>
          {stored ? (
            <a className="icb line" href={photo.original_url} download={`${photo.id}.jpg`} aria-label={t('download')} title={t('download')}>
              <Icon name="download" />
            </a>
          ) : null}
        </div>
      </section>
      <Facts key={photo.id} photo={photo} />
    </>
  );
}

function Facts({ photo }: { photo: PhotoRef }) {
  const t = useT(visitsText);
  const common = useT(commonText);
  const format = useFormat();
  const delay = photo.received_at ? (Date.parse(photo.received_at) - Date.parse(photo.taken_at)) / 1000 : null;
  return (
    <section className="card">
      <div className="hd"><h2>{t('photo')}</h2></div>
      <dl className="dl visit-facts">
        <dt>{t('taken')}</dt>
        <dd>{format.timeSeconds(photo.taken_at)}</dd>
        {photo.taken_between ? <><dt>{t('takenBetween')}</dt><dd>{t('between', { from: format.timeSeconds(photo.taken_between[0]), to: format.timeSeconds(photo.taken_between[1]) })}</dd></> : null}
        <dt>{t('received')}</dt>
        <dd>{photo.received_at ? t('receivedAfter', { time: format.timeSeconds(photo.received_at), duration: format.duration(delay) }) : t('waiting')}</dd>
        <dt>{t('source')}</dt>
        <dd className={photo.live ? undefined : 'fg-late'}>{photo.live ? t('live') : t('notLive')}</dd>
        <dt>{t('size')}</dt>
        <dd>{format.number(photo.width)} × {format.number(photo.height)}</dd>
        <dt>{t('fingerprint')}</dt>
        <dd className="mono visit-hash">
          {photo.sha256}
          <button
            type="button"
            className="icb tiny"
            aria-label={t('copyFingerprint')}
            title={t('copyFingerprint')}
            onClick={() => void navigator.clipboard?.writeText(photo.sha256).then(() => toast(common('copied')))}
          >
            <Icon name="copy" size={13} />
          </button>
        </dd>
      </dl>
      {photo.status === 'stored' ? <FingerprintCheck photo={photo} /> : null}
    </section>
  );
}

/** Loads the original and computes its SHA-256 here, so that the answer does not rest on the server's word. */
function FingerprintCheck({ photo }: { photo: PhotoRef }) {
  const t = useT(visitsText);
  const [state, setState] = useState<'idle' | 'busy' | 'ok' | 'bad' | 'failed'>('idle');
  useEffect(() => setState('idle'), [photo.id]);
  const run = async () => {
    setState('busy');
    try {
      const response = await api.fetch('GET', '/photos/{id}/original', undefined, { params: { id: photo.id } });
      const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
      const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
      setState(hex === photo.sha256 ? 'ok' : 'bad');
    } catch {
      setState('failed');
    }
  };
  return (
    <div className="visit-check" aria-live="polite">
      {state === 'ok' ? <span className="row g6 fg-visit"><Icon name="shield" size={16} weight={2} />{t('checkOk')}</span> : null}
      {state === 'bad' ? <span className="row g6 fg-problem"><Icon name="warn" size={16} weight={2} />{t('checkBad')}</span> : null}
      {state === 'failed' ? <span className="row g6 fg-late"><Icon name="info" size={16} weight={2} />{t('checkFail')}</span> : null}
      {state === 'ok' || state === 'bad' || !globalThis.crypto?.subtle ? null : (
        <button type="button" className="btn sm" disabled={state === 'busy'} onClick={() => void run()}>
          <Icon name="fingerprint" size={14} />
          {state === 'busy' ? t('checking') : t('check')}
        </button>
      )}
    </div>
  );
}
