import { useSearch } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { BalancesTab } from './BalancesTab';
import { DayDrawer } from './DayDrawer';
import { RequestsTab } from './RequestsTab';
import { RosterTab } from './RosterTab';
import { TABS, type AttendanceSearch } from './search';
import { SettingsTab } from './SettingsTab';
import { SheetTab } from './SheetTab';
import { attendanceText } from './text';
import { TodayTab } from './TodayTab';
import './attendance.css';

/** Who came and went when: the month, today, shifts, requests, leave, and the rules of it. */
export function AttendanceScreen() {
  const t = useT(attendanceText);
  const search = useSearch({ from: '/shell/attendance' });
  const patch = useSearchPatch<AttendanceSearch>();
  const tab = search.tab ?? 'sheet';
  return (
    <div className="attendance">
      <div className="tabs-row" role="tablist" aria-label={t('title')}>
        {TABS.map((one) => (
          <button key={one} type="button" role="tab" aria-selected={one === tab} className={one === tab ? 'on' : ''} onClick={() => patch({ tab: one === 'sheet' ? undefined : one, person: undefined, day: undefined })}>{t(`tab.${one}`)}</button>
        ))}
      </div>
      {tab === 'sheet' ? <SheetTab /> : null}
      {tab === 'today' ? <TodayTab /> : null}
      {tab === 'roster' ? <RosterTab /> : null}
      {tab === 'requests' ? <RequestsTab /> : null}
      {tab === 'balances' ? <BalancesTab /> : null}
      {tab === 'settings' ? <SettingsTab /> : null}
      {search.person && search.day ? <DayDrawer key={`${search.person}/${search.day}`} person={search.person} day={search.day} onClose={() => patch({ person: undefined, ...(tab === 'today' ? {} : { day: undefined }) })} /> : null}
    </div>
  );
}
