import type { FenceReading, Visit } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { VerdictScale } from './VerdictScale';
import { visitsText } from './text';

const CAUSES = { cannot_tell: ['deep', 'saving', 'tall'], out: ['moved', 'tall'], in: [] } as const;

/** Sentence, number, picture, innocent causes, and what would clear it. */
export function VerdictCard({ visit }: { visit: Visit }) {
  const t = useT(visitsText);
  const common = useT(commonText);
  const format = useFormat();
  const { check_in, check_out } = visit;
  const round = (value: number | null) => format.number(value === null ? null : Math.round(value));
  const known = check_in.distance_m !== null && check_in.accuracy_m !== null;
  const clears = check_in.verdict !== 'in' && check_out?.verdict === 'in' && check_out.distance_m !== null;
  return (
    <section className="card">
      <div className="hd">
        <h2>{t('verdictTitle')}</h2>
        <span className="sub">{t('verdictSub')}</span>
      </div>
      <div className="visit-verdict">
        <p>
          {known
            ? t('sentence.in', {
                distance: round(check_in.distance_m), accuracy: round(check_in.accuracy_m), radius: format.number(check_in.radius_m),
                percent: format.percent(check_in.probability),
              })
            : t('sentence.none', { radius: format.number(check_in.radius_m) })}
        </p>
        <VerdictScale probability={check_in.probability} />
        <AccuracyScale check_in={check_in} check_out={check_out} />
        {CAUSES[check_in.verdict].length ? (
          <div className="visit-causes">
            <span>{t('causes')}</span>
            {CAUSES[check_in.verdict].map((cause) => <span key={cause} className="tag">{t(`cause.${cause}`)}</span>)}
          </div>
        ) : null}
        {visit.outside ? (
          <p className="row g6 s12">
            <Icon name="info" size={15} weight={2} className="fg-late" />
            {t('outside', { name: visit.employee.name, reason: format.aside(common(`outside.${visit.outside.code}`), visit.outside.words) })}
          </p>
        ) : null}
        {visit.identity ? (
          <p className="row g6 s12">
            <Icon name="fingerprint" size={15} weight={2} className={visit.identity.state === 'held' ? 'fg-visit' : 'fg-late'} />
            {t('identity', { how: visit.identity.detail ? t(`proofDetail.${visit.identity.detail}`) : t(`proofState.${visit.identity.state}`) })}
          </p>
        ) : null}
        <PlacePhoto visit={visit} />
        {clears ? (
          <p className="row g6 s12 fg-visit">
            <Icon name="okCircle" size={15} weight={2} />
            {t('clears', { distance: round(check_out.distance_m), accuracy: round(check_out.accuracy_m) })}
          </p>
        ) : null}
      </div>
      <div className="visit-result">
        {visit.status === 'open' ? <span className="m2">{t('effectiveOpen')}</span> : null}
        {visit.effective ? <span className="row g6 fg-visit"><Icon name="okCircle" size={16} weight={2} />{t('effectiveYes')}</span> : null}
        {visit.effective === false ? (
          <>
            <b>{t('reasons')}</b>
            <ul>
              {visit.ineffective_reasons.map((reason) => (
                <li key={reason} className="row g6"><Icon name="info" size={15} weight={2} className="fg-late" />{common(`reason.${reason}`)}</li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </section>
  );
}

/** What the place looked like, where the check-in asked for a photo of it. */
function PlacePhoto({ visit }: { visit: Visit }) {
  const t = useT(visitsText);
  const asked = visit.steps.find((one) => one.step.id === visit.id);
  if (!asked) return null;
  const photos = asked.photos.filter((one) => one.status === 'stored');
  if (asked.photos.length === 0) return <p className="row g6 s12"><Icon name="camera" size={15} weight={2} className="fg-late" />{asked.reason ? t('placePhotoSkipped', { reason: asked.reason }) : t('placePhotoMissing')}</p>;
  if (photos.length === 0) return <p className="row g6 s12"><Icon name="cloudUp" size={15} />{t('waiting')}</p>;
  return (
    <p className="visit-place-photos">
      {photos.map((one, index) => (
        <a key={one.id} href={one.stamped_url} target="_blank" rel="noreferrer"><img src={one.thumb_url} alt={t('placePhoto', { index: index + 1 })} loading="lazy" /></a>
      ))}
    </p>
  );
}

/** Errors of both fixes against the radius of the fence, on one axis of metres. */
function AccuracyScale({ check_in, check_out }: { check_in: FenceReading; check_out: FenceReading | null }) {
  const t = useT(visitsText);
  const format = useFormat();
  const accuracyIn = check_in.accuracy_m;
  if (accuracyIn === null) return null;
  const accuracyOut = check_out?.accuracy_m ?? null;
  const top = Math.max(check_in.radius_m * 1.25, accuracyIn * 1.15, (accuracyOut ?? 0) * 1.15);
  const at = (meters: number) => `${(meters / top) * 100}%`;
  const toneIn = accuracyIn > check_in.radius_m / 2 ? 'late' : 'visit';
  return (
    <div className="accuracy" role="img" aria-label={`${t('accuracy')}: ${t('accuracyIn', { meters: Math.round(accuracyIn) })}, ${t('radius', { meters: check_in.radius_m })}`}>
      <div className="accuracy-bar">
        <i style={{ width: at(check_in.radius_m) }} />
        <u style={{ left: at(check_in.radius_m) }} />
        {accuracyOut !== null ? <b className="visit" style={{ left: at(accuracyOut) }} /> : null}
        <b className={toneIn} style={{ left: at(accuracyIn) }} />
      </div>
      <div className="accuracy-words" aria-hidden="true">
        <span className="m3">{t('accuracy')}</span>
        <span className={`fg-${toneIn}`}>{t('accuracyIn', { meters: format.number(Math.round(accuracyIn)) })}</span>
        {accuracyOut !== null ? <span className="fg-visit">{t('accuracyOut', { meters: format.number(Math.round(accuracyOut)) })}</span> : null}
        <span className="m3 end">{t('radius', { meters: format.number(check_in.radius_m) })}</span>
      </div>
    </div>
  );
}
