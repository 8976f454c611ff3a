import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Page, type PhotoMatch, type PhotoRef, type Visit } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { matchesText } from './matchesText';
import './matches.css';

const HOWS = ['same_file', 'same', 'mirrored', 'cut'] as const;

/** Earlier photos that this one is like, with both pictures side by side and what may be harmless about it. */
export function MatchesCard({ visit, photo }: { visit: Visit; photo: PhotoRef }) {
  const t = useT(matchesText);
  const format = useFormat();
  const matches = useQuery({
    queryKey: ['photo-matches', visit.id],
    queryFn: () => api.get<Page<PhotoMatch>>('/visits/{id}/photo-matches', { params: { id: visit.id } }),
    staleTime: 60_000,
  });
  const mine = matches.data?.items.filter((one) => one.photo_id === photo.id) ?? [];
  if (mine.length === 0) return null;
  return (
    <section className="card photo-matches">
      <div className="hd"><h2>{t('title', { count: mine.length })}</h2></div>
      {mine.map((match, k) => {
        const how = HOWS.find((one) => one === match.how) ?? 'same';
        return (
          <div key={match.other?.id ?? k} className="photo-match">
            <figure><img src={photo.thumb_url} alt={t('this')} loading="lazy" /><figcaption className="m3 s12">{t('this')}</figcaption></figure>
            {match.other ? (
              <figure>
                <img src={match.other.thumb_url} alt={t('earlier')} loading="lazy" />
                <figcaption className="m3 s12">{format.dateTime(match.other.taken_at)}</figcaption>
              </figure>
            ) : (
              <figure className="photo-match-hidden"><Icon name="lock" size={20} /><figcaption className="m3 s12">{t('hidden')}</figcaption></figure>
            )}
            <div className="photo-match-words">
              <b>{t(`how.${how}`)}</b>
              <span className="m2 s12">{how === 'same_file' ? t('exact') : t('difference', { percent: format.percent(match.difference / 1000) })}</span>
              {match.other ? (
                <Link to="/visits/$id" params={{ id: match.other.visit_id }}>{match.other.employee.name}·{match.other.customer.name}</Link>
              ) : null}
            </div>
          </div>
        );
      })}
      <p className="note"><Icon name="info" size={14} />{t('innocent')}</p>
    </section>
  );
}
