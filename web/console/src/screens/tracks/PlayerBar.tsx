import type { Playback } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { eventAt, headAt, neighbour, type DayEvent } from './playback';
import { SPEEDS, useHead, type Player, type Playhead } from './playhead';
import { tracksText } from './text';

/** Play, step, speed, and what is happening at this moment in words. */
export function PlayerBar({ playback, events, playhead, player, onSeek }: {
  playback: Playback;
  events: readonly DayEvent[];
  playhead: Playhead;
  player: Player;
  onSeek(at: number): void;
}) {
  const t = useT(tracksText);
  const format = useFormat();
  const at = useHead(playhead, 250);
  const event = eventAt(events, at);
  const head = headAt(playback, at);
  const words = !event
    ? t('head.none')
    : event.kind === 'drive'
      ? head ? t('head.drive', { kmh: format.number(Math.round(head.speed * 3.6)) }) : t('head.gap')
      : event.kind === 'visit'
        ? t('head.visit', { shop: event.visit.customer.name })
        : t(`head.${event.kind}`);
  const step = (direction: 1 | -1) => {
    const next = neighbour(events, at, direction);
    if (next !== null) onSeek(next);
  };
  return (
    <div className="player">
      <button type="button" className="icb" aria-label={t('previous')} title={`${t('previous')} [`} onClick={() => step(-1)}><Icon name="prev" size={18} /></button>
      <button
        type="button"
        className="icb player-play"
        aria-label={player.playing ? t('pause') : t('play')}
        title={player.playing ? t('pause') : t('play')}
        onClick={() => player.setPlaying(!player.playing)}
      >
        <Icon name={player.playing ? 'pause' : 'play'} size={17} />
      </button>
      <button type="button" className="icb" aria-label={t('next')} title={`${t('next')} ]`} onClick={() => step(1)}><Icon name="next" size={18} /></button>
      <span className="w7 s16 player-time">{format.timeSeconds(at)}</span>
      <span className="s12 m2 clip">{words}</span>
      <span className="sp" />
      <span className="seg" role="radiogroup" aria-label={t('speed')}>
        {SPEEDS.map((one) => (
          <button key={one} type="button" role="radio" aria-checked={one === player.speed} className={one === player.speed ? 'on' : ''} onClick={() => player.setSpeed(one)}>
            {one}×
          </button>
        ))}
      </span>
      <button type="button" className={player.skip ? 'chip on' : 'chip'} aria-pressed={player.skip} onClick={() => player.setSkip(!player.skip)}>
        <Icon name="flash" size={13} />
        {t('skip')}
      </button>
    </div>
  );
}
