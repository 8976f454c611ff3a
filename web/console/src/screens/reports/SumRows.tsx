import type { DailyReport, DaySummary, Id } from '@tashi/shared/api';
import { useFormat, useT, type Format } from '@tashi/shared/i18n';
import { Avatar } from '@tashi/shared/ui';
import { EntityDrawer } from '../../kit/EntityDrawer';
import type { SumKey } from './search';
import { reportsText } from './text';

const PART: Record<SumKey, (row: DaySummary) => number> = { stay: (row) => row.stay_s, driven: (row) => row.counted_m };

/** A total of the team in the units of its headline. */
function shown(sum: SumKey, value: number, format: Format): string {
  return sum === 'stay' ? format.hours(value) : format.km(value);
}

/** The people a total of the day adds up, each opening the visits or trips it is made of. */
export function SumRows({ report, sum, onOpen, onClose }: { report: DailyReport; sum: SumKey; onOpen(person: Id): void; onClose(): void }) {
  const t = useT(reportsText);
  const format = useFormat();
  const part = PART[sum];
  const rows = report.rows.filter((row) => part(row) > 0).sort((a, b) => part(b) - part(a));
  const unit = sum === 'stay' ? t('unit.hours') : 'km';
  const total = rows.reduce((all, row) => all + part(row), 0);
  return (
    <EntityDrawer title={t(`sum.${sum}`)} subtitle={format.dayWeek(report.day)} link={`/reports?day=${report.day}&sum=${sum}`} onClose={onClose}>
      <div className="drawer-pad">
        {rows.length === 0 ? <p className="m3">{t('sumEmpty')}</p> : null}
        <ul className="sum-rows">
          {rows.map((row) => (
            <li key={row.employee.id}>
              <button type="button" onClick={() => onOpen(row.employee.id)}>
                <Avatar name={row.employee.name} size="sm" />
                <span className="cell2"><b>{row.employee.name}</b><span className="sub">{row.department.name}</span></span>
                <span className="m3 s12 end">{sum === 'stay' ? t('sumVisits', { count: row.visits }) : row.plan_m === null ? '' : t('sumPlan', { km: format.km(row.plan_m) })}</span>
                <span className="sum-value">{shown(sum, part(row), format)} <span className="unit">{unit}</span></span>
              </button>
            </li>
          ))}
        </ul>
        {rows.length ? <p className="sum-total"><b>{t('total')}</b><b>{shown(sum, total, format)} <span className="unit">{unit}</span></b></p> : null}
      </div>
    </EntityDrawer>
  );
}
