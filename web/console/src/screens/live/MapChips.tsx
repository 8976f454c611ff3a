import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useId } from 'react';
import { Popover } from '../../kit/Popover';
import { departmentTree, flattenTree, useDepartments } from '../../kit/refs';
import type { LiveLayers } from './LiveMap';
import { liveText } from './text';

/** Over the map: whose people, and what is drawn beside them. */
export function MapChips({ department, onDepartment, onDuty, layers, onLayers }: {
  department: string | undefined;
  onDepartment(next: string | undefined): void;
  onDuty: number;
  layers: LiveLayers;
  onLayers(next: LiveLayers): void;
}) {
  const t = useT(liveText);
  const format = useFormat();
  const departments = useDepartments();
  const lines = flattenTree(departmentTree(departments.data ?? []));
  const name = departments.data?.find((one) => one.id === department)?.name ?? t('allDepartments');
  const group = useId();
  const shown = [
    layers.plan ? t('layer.plan') : null,
    layers.driven ? t('layer.driven') : null,
    layers.fence ? t('layer.fence') : null,
    layers.customers === 'none' ? null : t(`layer.${layers.customers}`),
  ].filter(Boolean);
  return (
    <div className="live-chips">
      <Popover
        label={t('department')}
        className="chip live-chip"
        trigger={
          <>
            <Icon name="users" size={14} />
            {name} <b>{t('onDuty', { count: format.number(onDuty) })}</b>
            <Icon name="down" size={12} />
          </>
        }
      >
        {(close) => (
          <ul className="live-menu">
            {[{ id: undefined, name: t('allDepartments'), depth: 0 }, ...lines.map((line) => ({ id: line.department.id, name: line.department.name, depth: line.depth }))].map((one) => (
              <li key={one.id ?? 'all'}>
                <button
                  type="button"
                  aria-pressed={one.id === department}
                  style={{ paddingLeft: 12 + one.depth * 14 }}
                  onClick={() => {
                    onDepartment(one.id);
                    close();
                  }}
                >
                  {one.name}
                  {one.id === department ? <Icon name="check" size={14} className="fg-accent end" /> : null}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Popover>
      <Popover
        label={t('layers')}
        className="chip live-chip"
        trigger={
          <>
            <Icon name="layers" size={14} />
            {shown.length ? shown.join('·') : t('layer.none')}
          </>
        }
      >
        {() => (
          <div className="live-layers">
            {(['plan', 'driven', 'fence'] as const).map((key) => (
              <label key={key} className="row">
                <input type="checkbox" checked={layers[key]} onChange={() => onLayers({ ...layers, [key]: !layers[key] })} />
                {t(`layer.${key}`)}
              </label>
            ))}
            <fieldset>
              <legend>{t('layer.customers')}</legend>
              {(['none', 'a', 'all'] as const).map((key) => (
                <label key={key} className="row">
                  <input type="radio" name={group} checked={layers.customers === key} onChange={() => onLayers({ ...layers, customers: key })} />
                  {t(`layer.${key}`)}
                </label>
              ))}
            </fieldset>
          </div>
        )}
      </Popover>
    </div>
  );
}
