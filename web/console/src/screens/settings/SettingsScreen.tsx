import { Link, Navigate, useParams } from '@tanstack/react-router';
import type { Permission } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, type IconName } from '@tashi/shared/ui';
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { useMe } from '../../app/session';
import { NoAccessPage, NotFoundPage } from '../../shell/StatePages';
import { settingsText } from './text';
import './settings.css';

type Key = 'account' | 'ledger' | 'company' | 'calendars' | 'policies' | 'classes' | 'day' | 'ownDay' | 'reminders' | 'trackers' | 'basemap' | 'roads' | 'audit' | 'proof';
interface Part {
  key: Key;
  icon: IconName;
  group: 'groupMine' | 'groupCompany' | 'groupRules' | 'groupSystem';
  permission: Permission | null;
  view: LazyExoticComponent<ComponentType>;
}

const PARTS: Part[] = [
  { key: 'account', icon: 'user', group: 'groupMine', permission: null, view: lazy(() => import('../account/AccountPanel').then((m) => ({ default: m.AccountPanel }))) },
  { key: 'ledger', icon: 'eye', group: 'groupMine', permission: null, view: lazy(() => import('../account/LedgerPanel').then((m) => ({ default: m.LedgerPanel }))) },
  { key: 'company', icon: 'building', group: 'groupCompany', permission: 'company.write', view: lazy(() => import('./CompanyPanel').then((m) => ({ default: m.CompanyPanel }))) },
  { key: 'basemap', icon: 'layers', group: 'groupCompany', permission: 'company.write', view: lazy(() => import('./BasemapPanel').then((m) => ({ default: m.BasemapPanel }))) },
  { key: 'roads', icon: 'navigate', group: 'groupCompany', permission: 'company.write', view: lazy(() => import('./RoadsPanel').then((m) => ({ default: m.RoadsPanel }))) },
  { key: 'calendars', icon: 'plan', group: 'groupRules', permission: 'org.read', view: lazy(() => import('./CalendarsPanel').then((m) => ({ default: m.CalendarsPanel }))) },
  { key: 'policies', icon: 'locate', group: 'groupRules', permission: 'org.read', view: lazy(() => import('./PoliciesPanel').then((m) => ({ default: m.PoliciesPanel }))) },
  { key: 'classes', icon: 'target', group: 'groupRules', permission: 'customer.read', view: lazy(() => import('./ClassesPanel').then((m) => ({ default: m.ClassesPanel }))) },
  { key: 'day', icon: 'clock', group: 'groupRules', permission: 'company.write', view: lazy(() => import('./DayPanel').then((m) => ({ default: m.DayPanel }))) },
  { key: 'ownDay', icon: 'sync', group: 'groupRules', permission: 'company.write', view: lazy(() => import('./OwnDayPanel').then((m) => ({ default: m.OwnDayPanel }))) },
  { key: 'reminders', icon: 'bell', group: 'groupRules', permission: 'company.write', view: lazy(() => import('./RemindersPanel').then((m) => ({ default: m.RemindersPanel }))) },
  { key: 'trackers', icon: 'scan', group: 'groupSystem', permission: 'org.write', view: lazy(() => import('./TrackersPanel').then((m) => ({ default: m.TrackersPanel }))) },
  { key: 'audit', icon: 'list', group: 'groupSystem', permission: 'audit.read', view: lazy(() => import('./AuditPanel').then((m) => ({ default: m.AuditPanel }))) },
  { key: 'proof', icon: 'shield', group: 'groupSystem', permission: 'audit.read', view: lazy(() => import('./ProofPanel').then((m) => ({ default: m.ProofPanel }))) },
];

/** Settings: a list of parts on the left, one part on the right, each with an address of its own. */
export function SettingsScreen() {
  const t = useT(settingsText);
  const me = useMe();
  const { section } = useParams({ strict: false });
  const parts = PARTS.filter((one) => one.permission === null || me.permissions.includes(one.permission));
  if (!section) {
    const first = parts.find((one) => one.key === 'company') ?? parts[0];
    return first ? <Navigate to="/settings/$section" params={{ section: first.key }} replace /> : null;
  }
  const part = PARTS.find((one) => one.key === section);
  const allowed = part && parts.includes(part);
  const View = part?.view;
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label={t('nav')}>
        {(['groupMine', 'groupCompany', 'groupRules', 'groupSystem'] as const).map((group) => {
          const inside = parts.filter((one) => one.group === group);
          return inside.length ? (
            <div key={group}>
              <h2>{t(group)}</h2>
              {inside.map((one) => (
                <Link key={one.key} to="/settings/$section" params={{ section: one.key }} activeOptions={{ includeSearch: false }} activeProps={{ className: 'on' }}>
                  <Icon name={one.icon} />
                  {t(one.key)}
                </Link>
              ))}
            </div>
          ) : null;
        })}
      </nav>
      <div className="settings-body">
        {part?.permission && !allowed ? (
          <NoAccessPage permission={part.permission} />
        ) : View ? (
          <Suspense fallback={<SkeletonRows />}>
            <View />
          </Suspense>
        ) : (
          <NotFoundPage />
        )}
      </div>
    </div>
  );
}
