import type { Extent, ObjectDefinition, ObjectGrant, Sight } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { useState } from 'react';
import { Check } from '../../kit/DataTable';
import { useRoles } from '../../kit/refs';
import { Settings } from './ObjectScreen';
import { objectsText } from './text';

const NOTHING: ObjectGrant = { create: false, read: 'none', change: 'none', delete: 'none' };
const SIGHTS: Sight[] = ['none', 'own', 'departments', 'company'];
const EXTENTS: Extent[] = ['none', 'own', 'seen'];

/** What each role may do with the records. */
export function GrantsTab({ object }: { object: ObjectDefinition }) {
  const t = useT(objectsText);
  const roles = useRoles();
  const [grants, setGrants] = useState(object.grants);
  // Without the right to see roles there are still those that were granted something.
  const listed = roles.data?.filter((one) => one.key !== 'admin').map(({ key, name }) => ({ key, name })) ?? Object.keys(object.grants).map((key) => ({ key, name: key }));
  const set = (role: string, part: Partial<ObjectGrant>) => setGrants({ ...grants, [role]: { ...(grants[role] ?? NOTHING), ...part } });
  const same = JSON.stringify(grants) === JSON.stringify(object.grants);
  return (
    <Settings object={object} change={same ? null : { grants }}>
      <p className="m2">{t('grantsHint')}</p>
      <div className="object-grants" tabIndex={0} role="region" aria-label={t('tab.grants')}>
        <table>
          <thead><tr><th scope="col">{t('role')}</th>{(['create', 'read', 'change', 'delete'] as const).map((one) => <th key={one} scope="col">{t(`grant.${one}`)}</th>)}</tr></thead>
          <tbody>
            {listed.map(({ key, name }) => {
              const grant = grants[key] ?? NOTHING;
              const label = (what: 'create' | 'read' | 'change' | 'delete') => t('roleGrant', { role: name, what: t(`grant.${what}`) });
              return (
                <tr key={key}>
                  <th scope="row">{name}</th>
                  <td><Check label={label('create')} checked={grant.create} onChange={() => set(key, { create: !grant.create })} /></td>
                  <td><select className="plain-input" aria-label={label('read')} value={grant.read} onChange={(e) => set(key, { read: e.target.value as Sight })}>{SIGHTS.map((one) => <option key={one} value={one}>{t(`sight.${one}`)}</option>)}</select></td>
                  {(['change', 'delete'] as const).map((what) => (
                    <td key={what}><select className="plain-input" aria-label={label(what)} value={grant[what]} disabled={grant.read === 'none'} onChange={(e) => set(key, { [what]: e.target.value as Extent })}>{EXTENTS.map((one) => <option key={one} value={one}>{t(`extent.${one}`)}</option>)}</select></td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Settings>
  );
}
