import { useStreamStatus } from '@tashi/shared/api';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import { shellText } from '../app/text';

/** The dot of the stream: green while receiving, amber with the seconds since the last message when the connection is lost. */
export function Freshness() {
  const t = useT(shellText);
  const format = useFormat();
  const status = useStreamStatus();
  const lost = status.state === 'lost';
  useNow(1000);
  const seconds = status.lastMessageAt === null ? null : Math.max(0, Math.floor((Date.now() - status.lastMessageAt) / 1000));
  const word = lost
    ? seconds === null ? t('lostNow') : t('lost', { seconds: format.number(seconds) })
    : status.state === 'live' ? t('live') : t('connecting');
  return (
    <span className={`fresh ${status.state}`} title={t('freshnessHint')}>
      <span className="dot" aria-hidden="true" />
      <span className="word">{word}</span>
    </span>
  );
}
