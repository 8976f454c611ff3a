import type { ReactNode } from 'react';
import { useT } from '../i18n';
import { mapText } from './text';

/** What is drawn now. `speed` names the four classes, `driven` only says slow to fast. */
export type LegendItem = 'planned' | 'proposed' | 'driven' | 'speed' | 'old' | 'gap';

const CLASSES = [['--sp1', '<15'], ['--sp2', '15–35'], ['--sp3', '35–55'], ['--sp4', '>55']] as const;

export function Legend({ items, children }: { items: LegendItem[]; children?: ReactNode }) {
  const t = useT(mapText);
  return (
    <>
      {items.map((item) => {
        if (item === 'speed') {
          return (
            <span key={item} className="row map-legend-speed">
              <b>{t('legend.speed')}</b>
              {CLASSES.map(([token, word]) => (
                <span key={token} className="row g4">
                  <svg width="18" height="6" aria-hidden="true">
                    <path d="M3 3h12" stroke={`var(${token})`} strokeWidth="5" strokeLinecap="round" />
                  </svg>
                  {word}
                </span>
              ))}
            </span>
          );
        }
        return (
          <span key={item} className="row g4">
            <Sample item={item} />
            {t(`legend.${item}`)}
          </span>
        );
      })}
      {children}
    </>
  );
}

function Sample({ item }: { item: Exclude<LegendItem, 'speed'> }) {
  switch (item) {
    case 'planned':
      return <svg width="22" height="6" aria-hidden="true"><path d="M0 3h22" stroke="var(--m-plan)" strokeWidth="1.8" strokeDasharray="5 4" /></svg>;
    case 'proposed':
      return <svg width="22" height="6" aria-hidden="true"><path d="M2 3h18" stroke="var(--accent)" strokeWidth="3" strokeLinecap="round" /></svg>;
    case 'driven':
      return (
        <svg width="44" height="6" aria-hidden="true">
          <path d="M2 3h10" stroke="var(--sp1)" strokeWidth="4.5" strokeLinecap="round" />
          <path d="M12 3h10" stroke="var(--sp2)" strokeWidth="4.5" />
          <path d="M22 3h10" stroke="var(--sp3)" strokeWidth="4.5" />
          <path d="M32 3h10" stroke="var(--sp4)" strokeWidth="4.5" strokeLinecap="round" />
        </svg>
      );
    case 'old':
      return (
        <svg width="14" height="14" aria-hidden="true">
          <circle cx="7" cy="7" r="5.5" fill="none" stroke="var(--silent-mark)" strokeWidth="1.6" strokeDasharray="3 2.4" />
        </svg>
      );
    case 'gap':
      return (
        <svg width="30" height="10" aria-hidden="true">
          <circle cx="5" cy="5" r="3.6" fill="var(--surface)" stroke="var(--silent-mark)" strokeWidth="1.6" strokeDasharray="2 1.6" />
          <circle cx="25" cy="5" r="3.6" fill="var(--surface)" stroke="var(--silent-mark)" strokeWidth="1.6" strokeDasharray="2 1.6" />
        </svg>
      );
  }
}
