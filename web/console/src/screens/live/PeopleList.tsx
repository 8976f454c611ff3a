import type { Id, LivePerson } from '@tashi/shared/api';
import { commonText, useFormat, useNow, useT, type Format } from '@tashi/shared/i18n';
import { Avatar, Icon, STATE_LOOK } from '@tashi/shared/ui';
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { HEAD_PX, lineOffsets, linesOf, ROW_PX, visibleLines, type Group } from './board';
import { listLine } from './sentences';
import { StopDots } from './StopDots';
import { liveText } from './text';

/** Everybody in groups, urgent first. Only rows near the window are in the page. */
export function PeopleList({ groups, selected, onSelect }: {
  groups: readonly Group[];
  selected: Id | null;
  onSelect(id: Id): void;
}) {
  const t = useT(liveText);
  const common = useT(commonText);
  const format = useFormat();
  const now = useNow(1000);
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const lines = useMemo(() => linesOf(groups), [groups]);
  const offsets = useMemo(() => lineOffsets(lines), [lines]);
  const [from, to] = visibleLines(offsets, view.top, view.height);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const read = () => setView({ top: element.scrollTop, height: element.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', read);
    };
  }, []);

  // A selection made on the map must be seen in the list.
  useEffect(() => {
    const element = box.current;
    const index = lines.findIndex((line) => line.kind === 'person' && line.person.employee.id === selected);
    if (!element || index < 0) return;
    const top = offsets[index]!;
    if (top < element.scrollTop || top + ROW_PX > element.scrollTop + element.clientHeight) {
      element.scrollTop = top - element.clientHeight / 3;
    }
    // Only a new selection scrolls; changed rows must not move the list under the pointer.
  }, [selected]);

  return (
    <div className="live-people" ref={box} role="region" tabIndex={0} aria-label={t('people')}>
      <ul style={{ height: offsets.at(-1), position: 'relative' }}>
        {lines.slice(from, to).map((line, i) => {
          const top = offsets[from + i];
          if (line.kind === 'head') {
            const attention = line.group === 'attention';
            return (
              <li key={line.group} className={attention ? 'live-group fg-late' : 'live-group'} style={{ top, height: HEAD_PX }}>
                {attention ? <Icon name="warn" size={14} weight={2} /> : null}
                {line.group === 'attention' ? t('attention') : common(`state.${line.group}`)}
                <span className="end m3">{format.number(line.count)}</span>
              </li>
            );
          }
          const { person } = line;
          return (
            <li key={person.employee.id} style={{ top, height: ROW_PX }}>
              <PersonRow person={person} on={person.employee.id === selected} onSelect={onSelect} format={format} now={now} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const PersonRow = memo(function PersonRow({ person, on, onSelect, format, now }: {
  person: LivePerson;
  on: boolean;
  onSelect(id: Id): void;
  format: Format;
  now: number;
}) {
  const t = useT(liveText);
  const common = useT(commonText);
  const { employee, state } = person;
  const urgent = state === 'late';
  const quiet = state === 'silent' || state === 'off_duty';
  const text = listLine(person, t, format, now);
  const age = person.fix_at ? format.duration(Math.max(0, (now - Date.parse(person.fix_at)) / 1000)) : '';
  return (
    <button
      type="button"
      className={on ? 'live-person on' : 'live-person'}
      aria-current={on || undefined}
      title={`${employee.name}·${text}`}
      onClick={() => onSelect(employee.id)}
    >
      <Avatar name={employee.name} state={state} />
      <span className="live-person-words">
        <b className={quiet ? 'clip fg-silent' : 'clip'}>{employee.name}</b>
        <span className="sr">{common(`state.${state}`)}</span>
        <span className={urgent ? `clip s12 fg-${STATE_LOOK[state].tone}` : 'clip s12 m2'}>{text}</span>
      </span>
      <span className="live-person-end">
        <span>{age}</span>
        {person.total > 0 ? <StopDots stops={person.stops} label={t('progress', { done: person.done, total: person.total })} /> : null}
      </span>
    </button>
  );
});
