import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newId, type Permission, type Reach, type Role } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { permissionText } from '../../app/permissionText';
import { useCan } from '../../app/session';
import { Check } from '../../kit/DataTable';
import { ProblemView } from '../../kit/ProblemView';
import { useRoles } from '../../kit/refs';
import { toastChange } from '../../kit/undo';
import { peopleText } from './text';

const GROUPS: { key: 'org' | 'work' | 'see' | 'field'; permissions: Permission[] }[] = [
  { key: 'see', permissions: ['live.read', 'track.read', 'report.read', 'visit.read', 'audio.play', 'track.audit'] },
  { key: 'work', permissions: ['customer.read', 'customer.write', 'task.read', 'task.write', 'form.write', 'flow.write', 'knowledge.write', 'order.read', 'order.write', 'stock.write'] },
  { key: 'org', permissions: ['org.read', 'org.write', 'company.write', 'audit.read'] },
  { key: 'field', permissions: ['field.work'] },
];
const REACHES: Reach[] = ['own', 'departments', 'company'];

interface Draft {
  id: string;
  version: number | null;
  name: string;
  reach: Reach;
  permissions: string[];
  builtIn: boolean;
}

function draftOf(role: Role): Draft {
  return { id: role.id, version: role.version, name: role.name, reach: role.reach, permissions: role.permissions, builtIn: role.built_in };
}

/** Roles on the left, what the chosen one may do and whose data it reaches on the right. */
export function RolesPanel() {
  const t = useT(peopleText);
  const roles = useRoles();
  const canWrite = useCan('org.write');
  const [draft, setDraft] = useState<Draft | null>(null);

  useEffect(() => {
    if (draft === null && roles.data?.[0]) setDraft(draftOf(roles.data[0]));
  }, [roles.data, draft]);
  // What was taken back from the toast stands in the form again.
  useEffect(() => {
    const kept = roles.data?.find((one) => one.id === draft?.id);
    if (kept && draft?.version && kept.version > draft.version) setDraft(draftOf(kept));
  }, [roles.data, draft]);

  if (roles.error) return <div className="drawer-pad"><ProblemView error={roles.error} onRetry={() => roles.refetch()} /></div>;
  if (!roles.data) return <SkeletonRows />;
  return (
    <div className="roles">
      <div className="role-list">
        <ul>
          {roles.data.map((role) => (
            <li key={role.id}>
              <button type="button" className={role.id === draft?.id ? 'on' : ''} aria-current={role.id === draft?.id || undefined} onClick={() => setDraft(draftOf(role))}>
                <span className="cell2">
                  <b>{role.name}</b>
                  <span className="sub">{t(`reach.${role.reach}`)}</span>
                </span>
                {role.built_in ? <span className="tag end">{t('role.builtIn')}</span> : null}
              </button>
            </li>
          ))}
        </ul>
        {canWrite ? (
          <button
            type="button"
            className="btn"
            onClick={() => setDraft({ id: newId(), version: null, name: '', reach: 'departments', permissions: [], builtIn: false })}
          >
            <Icon name="plus" size={15} />{t('role.new')}
          </button>
        ) : null}
      </div>
      {draft ? <RoleForm key={`${draft.id}-${draft.version}`} draft={draft} canWrite={canWrite} onDraft={setDraft} /> : null}
    </div>
  );
}

function RoleForm({ draft, canWrite, onDraft }: { draft: Draft; canWrite: boolean; onDraft(next: Draft): void }) {
  const t = useT(peopleText);
  const permission = useT(permissionText);
  const common = useT(commonText);
  const client = useQueryClient();
  const [name, setName] = useState(draft.name);
  const [reach, setReach] = useState<Reach>(draft.reach);
  const [permissions, setPermissions] = useState<ReadonlySet<string>>(new Set(draft.permissions));
  const locked = draft.builtIn || !canWrite;

  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), reach, permissions: [...permissions] };
      return draft.version === null
        ? api.post<Role>('/roles', body)
        : api.patch<Role>('/roles/{id}', body, { params: { id: draft.id }, version: draft.version });
    },
    onSuccess: async (role) => {
      await client.invalidateQueries({ queryKey: ['roles'] });
      toastChange(t('role.saved', { name: role.name }), draft.version === null ? null : {
        method: 'patch', path: '/roles/{id}', params: { id: draft.id }, body: { name: draft.name, reach: draft.reach, permissions: [...draft.permissions] }, version: role.version, lists: ['roles'],
      });
      onDraft(draftOf(role));
    },
  });

  return (
    <form
      className="role-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {draft.builtIn ? (
        <div className="note row">
          <Icon name="lock" size={13} />
          <span>{t('role.builtInHint')}</span>
          {canWrite ? (
            <button
              type="button"
              className="btn sm end"
              onClick={() => onDraft({ ...draft, id: newId(), version: null, builtIn: false, name: t('role.copyName', { name: draft.name }) })}
            >
              {t('role.copy')}
            </button>
          ) : null}
        </div>
      ) : null}
      <label className="stack">
        <span className="m2">{t('role.name')}</span>
        <Input value={name} maxLength={40} disabled={locked} onChange={(event) => setName(event.target.value)} style={{ maxWidth: 320 }} />
      </label>
      <fieldset disabled={locked}>
        <legend>{t('role.reach')}</legend>
        {REACHES.map((one) => (
          <label key={one} className="radio-line">
            <input type="radio" name="reach" checked={reach === one} onChange={() => setReach(one)} />
            <span><b>{t(`reach.${one}`)}</b> <span className="m3">{t(`reach.${one}Detail`)}</span></span>
          </label>
        ))}
      </fieldset>
      <fieldset disabled={locked}>
        <legend>{t('role.permissions')}</legend>
        <div className="perm-grid">
          {GROUPS.map((group) => (
            <div key={group.key}>
              <h3 className="s12 m3">{t(`permGroup.${group.key}`)}</h3>
              {group.permissions.map((one) => (
                <label key={one} className="perm-line">
                  <Check
                    label={permission(one)}
                    checked={permissions.has(one)}
                    onChange={() => {
                      const next = new Set(permissions);
                      if (!next.delete(one)) next.add(one);
                      setPermissions(next);
                    }}
                  />
                  <span>{permission(one)}</span>
                </label>
              ))}
            </div>
          ))}
        </div>
      </fieldset>
      {save.error ? <ProblemView error={save.error} compact /> : null}
      {locked ? null : (
        <div className="row">
          <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!name.trim() || permissions.size === 0}>
            {common('save')}
          </Button>
          {permissions.size === 0 ? <span className="m3 s12">{t('role.none')}</span> : null}
        </div>
      )}
    </form>
  );
}
