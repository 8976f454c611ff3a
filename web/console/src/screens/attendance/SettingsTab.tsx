import { LeaveTypesPanel } from './LeaveTypesPanel';
import { PlacesPanel } from './PlacesPanel';
import { RulesPanel } from './RulesPanel';
import { ShiftsPanel } from './ShiftsPanel';

/** Shifts, kinds of leave, where punches are expected and how they are judged. */
export function SettingsTab() {
  return (
    <div className="attendance-fill attendance-settings">
      <ShiftsPanel />
      <LeaveTypesPanel />
      <RulesPanel />
      <PlacesPanel />
    </div>
  );
}
