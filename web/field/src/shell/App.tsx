import { useLiveQuery } from 'dexie-react-hooks';
import { Component, type ComponentType, type ReactNode, Suspense, lazy, useEffect, useMemo, useState } from 'react';
import { stream } from '@tashi/shared/api';
import { setGrades } from '@tashi/shared/grades.ts';
import { useT } from '@tashi/shared/i18n';
import { ToastHost } from '@tashi/shared/ui';
import { useAwakeOnDuty } from '../app/awake.ts';
import { useConsent, useMyPolicy } from '../app/consent.ts';
import { type Field, FieldContext, useField, usePrivateTrips } from '../app/context.tsx';
import { adoptSession } from '../app/session.ts';
import { installTriggers } from '../app/triggers.ts';
import { useUpdate } from '../app/update.ts';
import { startTracking } from '../location/tracker.ts';
import { SignInScreen } from '../screens/entry/SignInScreen.tsx';
import { TodayScreen } from '../screens/today/TodayScreen.tsx';
import { type Session, db, getKey } from '../sync/store.ts';
import { Empty } from './Page.tsx';
import { Link, match, useLocation } from './router.tsx';
import { shellText } from './text.ts';

/** A screen in a file of its own, loaded when first opened and kept by the service worker. */
function screen<P extends object>(load: () => Promise<ComponentType<P>>) {
  return lazy(() => load().then((component) => ({ default: component })));
}
const loads = {
  taskCheckIn: () => import('../screens/checkin/CheckInScreen.tsx').then((m) => m.TaskCheckIn),
  customerCheckIn: () => import('../screens/checkin/CheckInScreen.tsx').then((m) => m.CustomerCheckIn),
  reorder: () => import('../screens/reorder/ReorderScreen.tsx').then((m) => m.ReorderScreen),
  visit: () => import('../screens/visit/VisitScreen.tsx').then((m) => m.VisitScreen),
  form: () => import('../screens/form/FormScreen.tsx').then((m) => m.FormScreen),
  objects: () => import('../screens/objects/ObjectScreens.tsx').then((m) => m.ObjectListScreen),
  object: () => import('../screens/objects/ObjectScreens.tsx').then((m) => m.ObjectFormScreen),
  orders: () => import('../screens/orders/OrdersScreen.tsx').then((m) => m.OrdersScreen),
  order: () => import('../screens/orders/OrderScreen.tsx').then((m) => m.OrderScreen),
  equipment: () => import('../screens/orders/EquipmentScreen.tsx').then((m) => m.EquipmentScreen),
  finish: () => import('../screens/visit/FinishScreen.tsx').then((m) => m.FinishScreen),
  camera: () => import('../screens/camera/CameraScreen.tsx').then((m) => m.CameraScreen),
  knowledge: () => import('../screens/knowledge/KnowledgeScreen.tsx').then((m) => m.KnowledgeScreen),
  article: () => import('../screens/knowledge/ArticleScreen.tsx').then((m) => m.ArticleScreen),
  guide: () => import('../screens/knowledge/ArticleScreen.tsx').then((m) => m.GuideScreen),
  practice: () => import('../screens/practice/PracticeScreen.tsx').then((m) => m.PracticeScreen),
  customers: () => import('../screens/customers/CustomersScreen.tsx').then((m) => m.CustomersScreen),
  customer: () => import('../screens/customers/CustomerScreen.tsx').then((m) => m.CustomerScreen),
  truths: () => import('../screens/truth/TruthScreens.tsx').then((m) => m.TruthListScreen),
  truth: () => import('../screens/truth/TruthScreens.tsx').then((m) => m.TruthCardScreen),
  approvals: () => import('../screens/approvals/ApprovalsScreen.tsx').then((m) => m.ApprovalsScreen),
  approval: () => import('../screens/approvals/ApprovalScreen.tsx').then((m) => m.ApprovalScreen),
  attendance: () => import('../screens/attendance/AttendanceScreen.tsx').then((m) => m.AttendanceScreen),
  attendanceMonth: () => import('../screens/attendance/MonthScreen.tsx').then((m) => m.MonthScreen),
  attendanceRequest: () => import('../screens/attendance/RequestScreen.tsx').then((m) => m.RequestScreen),
  inbox: () => import('../screens/inbox/InboxScreen.tsx').then((m) => m.InboxScreen),
  me: () => import('../screens/me/MeScreen.tsx').then((m) => m.MeScreen),
  sync: () => import('../screens/me/SyncScreen.tsx').then((m) => m.SyncScreen),
  day: () => import('../screens/me/DayScreen.tsx').then((m) => m.DayScreen),
  mileage: () => import('../screens/me/MileageScreen.tsx').then((m) => m.MileageScreen),
  calendar: () => import('../screens/me/CalendarScreen.tsx').then((m) => m.CalendarScreen),
  devices: () => import('../screens/me/DevicesScreen.tsx').then((m) => m.DevicesScreen),
  receipts: () => import('../screens/me/ReceiptsScreen.tsx').then((m) => m.ReceiptsScreen),
  permissions: () => import('../screens/me/PermissionsScreen.tsx').then((m) => m.PermissionsScreen),
  tracker: () => import('../screens/me/TrackerScreen.tsx').then((m) => m.TrackerScreen),
  policy: () => import('../screens/entry/PolicyScreen.tsx').then((m) => m.PolicyScreen),
  password: () => import('../screens/entry/PasswordScreen.tsx').then((m) => m.PasswordScreen),
  install: () => import('../screens/entry/InstallScreen.tsx').then((m) => m.InstallScreen),
  code: () => import('../screens/code/CodeScreen.tsx').then((m) => m.CodeScreen),
  fresh: () => import('./NewScreen.tsx').then((m) => m.NewScreen),
};
const TaskCheckIn = screen(loads.taskCheckIn);
const CustomerCheckIn = screen(loads.customerCheckIn);
const ReorderScreen = screen(loads.reorder);
const VisitScreen = screen(loads.visit);
const FormScreen = screen(loads.form);
const ObjectListScreen = screen(loads.objects);
const ObjectFormScreen = screen(loads.object);
const OrdersScreen = screen(loads.orders);
const OrderScreen = screen(loads.order);
const EquipmentScreen = screen(loads.equipment);
const FinishScreen = screen(loads.finish);
const CameraScreen = screen(loads.camera);
const KnowledgeScreen = screen(loads.knowledge);
const ArticleScreen = screen(loads.article);
const GuideScreen = screen(loads.guide);
const PracticeScreen = screen(loads.practice);
const CustomersScreen = screen(loads.customers);
const CustomerScreen = screen(loads.customer);
const TruthListScreen = screen(loads.truths);
const TruthCardScreen = screen(loads.truth);
const ApprovalsScreen = screen(loads.approvals);
const ApprovalScreen = screen(loads.approval);
const AttendanceScreen = screen(loads.attendance);
const AttendanceMonthScreen = screen(loads.attendanceMonth);
const AttendanceRequestScreen = screen(loads.attendanceRequest);
const InboxScreen = screen(loads.inbox);
const MeScreen = screen(loads.me);
const SyncScreen = screen(loads.sync);
const DayScreen = screen(loads.day);
const MileageScreen = screen(loads.mileage);
const CalendarScreen = screen(loads.calendar);
const DevicesScreen = screen(loads.devices);
const ReceiptsScreen = screen(loads.receipts);
const PermissionsScreen = screen(loads.permissions);
const TrackerScreen = screen(loads.tracker);
const PolicyScreen = screen(loads.policy);
const PasswordScreen = screen(loads.password);
const InstallScreen = screen(loads.install);
const CodeScreen = screen(loads.code);
const NewScreen = screen(loads.fresh);

const ROUTES: [pattern: string, render: (p: Record<string, string>) => ReactNode][] = [
  ['/', () => <TodayScreen />],
  ['/check-in/:id', (p) => <TaskCheckIn taskId={p.id ?? ''} />],
  ['/check-in-customer/:id', (p) => <CustomerCheckIn customerId={p.id ?? ''} />],
  ['/reorder', () => <ReorderScreen />],
  ['/visit/:id', (p) => <VisitScreen visitId={p.id ?? ''} />],
  ['/visit/:id/finish', (p) => <FinishScreen visitId={p.id ?? ''} />],
  ['/visit/:id/camera/:step', (p) => <CameraScreen visitId={p.id ?? ''} stepId={p.step ?? ''} />],
  ['/visit/:id/form/:step', (p) => <FormScreen visitId={p.id ?? ''} stepId={p.step ?? ''} />],
  ['/visit/:id/camera/:step/:field', (p) => <CameraScreen visitId={p.id ?? ''} stepId={p.step ?? ''} field={p.field ?? ''} />],
  ['/visit/:id/guide/:step', (p) => <GuideScreen visitId={p.id ?? ''} stepId={p.step ?? ''} />],
  ['/knowledge', () => <KnowledgeScreen />],
  ['/knowledge/:id', (p) => <ArticleScreen key={p.id} id={p.id ?? ''} />],
  ['/practice', () => <PracticeScreen />],
  ['/customers', () => <CustomersScreen purpose="look" />],
  ['/customers/:id', (p) => <CustomerScreen customerId={p.id ?? ''} />],
  ['/objects/:key', (p) => <ObjectListScreen key={p.key} objectKey={p.key ?? ''} />],
  ['/objects/:key/new', (p) => <ObjectFormScreen key={p.key} objectKey={p.key ?? ''} />],
  ['/orders', () => <OrdersScreen />],
  ['/orders/:id', (p) => <OrderScreen orderId={p.id ?? ''} />],
  ['/equipment/:label', (p) => <EquipmentScreen label={p.label ?? ''} />],
  ['/new', () => <NewScreen />],
  ['/new-visit', () => <CustomersScreen purpose="visit" />],
  ['/new-problem', () => <CustomersScreen purpose="problem" />],
  ['/truth', () => <TruthListScreen />],
  ['/truth/:id', (p) => <TruthCardScreen visitId={p.id ?? ''} />],
  ['/approvals', () => <ApprovalsScreen />],
  ['/approvals/:id', (p) => <ApprovalScreen id={p.id ?? ''} />],
  ['/attendance', () => <AttendanceScreen />],
  ['/attendance/month', () => <AttendanceMonthScreen />],
  ['/attendance/new/:kind', (p) => <AttendanceRequestScreen key={p.kind} kind={p.kind ?? ''} />],
  ['/inbox', () => <InboxScreen />],
  ['/me', () => <MeScreen />],
  ['/me/sync', () => <SyncScreen />],
  ['/me/day', () => <DayScreen />],
  ['/me/mileage', () => <MileageScreen />],
  ['/me/receipts', () => <ReceiptsScreen />],
  ['/me/calendar', () => <CalendarScreen />],
  ['/me/devices', () => <DevicesScreen />],
  ['/me/permissions', () => <PermissionsScreen />],
  ['/me/tracker', () => <TrackerScreen />],
  ['/me/policy', () => <PolicyScreen first={false} />],
  ['/me/password', () => <PasswordScreen forced={false} />],
  ['/install', () => <InstallScreen />],
];

export function App({ initial }: { initial: Session | null }) {
  const stored = useLiveQuery(() => getKey('session').then((found) => found ?? null), []);
  const session = stored === undefined ? initial : stored;
  const { path } = useLocation();
  useEffect(() => adoptSession(session), [session]);
  // Whoever scans a label without being one of us reports a fault instead.
  const label = match('/equipment/:label', path)?.label;
  useEffect(() => {
    if (label && !session && stored !== undefined) location.replace(`/fault/${label}`);
  }, [label, session, stored]);
  const [demoServer, setDemoServer] = useState(false);
  const demo = session?.me.company.demo ?? demoServer;
  const mayWork = session?.me.permissions.includes('field.work') ?? false;
  return (
    <Catch>
      {demo ? <DemoStrip /> : null}
      <Suspense fallback={<div className="phone" />}>
        {path === '/code' || (path === '/' && !session && localStorage.getItem('tashi.code')) ? <CodeScreen /> : path === '/install' ? <InstallScreen /> : session && !session.expired && mayWork ? <SignedIn key={session.owner} session={session} /> : <SignInScreen before={mayWork ? session : null} onDemo={setDemoServer} />}
      </Suspense>
      <ToastHost />
    </Catch>
  );
}

function SignedIn({ session }: { session: Session }) {
  const { owner } = session;
  const snapshot = useLiveQuery(() => db.snapshots.get(owner).then((found) => found ?? null), [owner]);
  const field = useMemo((): Field => ({ session, owner, snapshot: snapshot ?? null }), [session, owner, snapshot]);
  useEffect(() => setGrades(snapshot?.grades ?? []), [snapshot?.grades]);
  useEffect(() => {
    adoptSession(session);
    // Without a network the stream would only fill the log with failures.
    const listen = () => (navigator.onLine ? stream.start() : stream.stop());
    listen();
    addEventListener('online', listen);
    addEventListener('offline', listen);
    const remove = installTriggers(owner);
    return () => {
      remove();
      removeEventListener('online', listen);
      removeEventListener('offline', listen);
      stream.stop();
    };
    // A new token is taken from the session at every call.
  }, [owner]);
  useEffect(() => {
    // Later screens are fetched while nobody waits, so that they open without a network even before installation.
    const timer = setTimeout(() => { for (const load of Object.values(loads)) void load().catch(() => undefined); }, 4000);
    return () => clearTimeout(timer);
  }, []);
  if (snapshot === undefined) return <div className="phone" />;
  return (
    <FieldContext.Provider value={field}>
      {session.me.must_change_password ? <PasswordScreen forced /> : <Work />}
    </FieldContext.Provider>
  );
}

/** Above every screen of a demo company, so that nobody takes a picture of it for the truth. */
function DemoStrip() {
  const t = useT(shellText);
  return <p className="demo-strip" role="note">{t('demo')}</p>;
}

/** The signed-in app: asks for consent once, tracks on duty, shows the screen of the address. */
function Work() {
  const t = useT(shellText);
  const { owner, snapshot } = useField();
  const { path } = useLocation();
  useMyPolicy();
  const consented = useConsent();
  const [later, setLater] = useState(false);
  const update = useUpdate();
  const [awake] = useAwakeOnDuty();
  const trips = usePrivateTrips();
  useEffect(() => {
    if (snapshot && consented && trips) return startTracking({ owner, snapshot, consented, private: trips }, awake);
    return undefined;
    // Restarted only when the rule itself changes, not with every snapshot.
  }, [owner, consented, awake, snapshot?.day, JSON.stringify([snapshot?.policy, snapshot?.calendar_today, trips])]);
  if (consented === undefined) return <div className="phone" />;
  if (!consented && !later && path === '/' && snapshot) return <PolicyScreen first onLater={() => setLater(true)} />;
  for (const [pattern, render] of ROUTES) {
    const values = match(pattern, path);
    if (values) {
      return (
        <>
          {update && path === '/' ? <div className="phone-top"><div className="banner" role="status">{t('updateReady')}<button type="button" onClick={update}>{t('updateNow')}</button></div></div> : null}
          {render(values)}
        </>
      );
    }
  }
  return <div className="phone"><Empty title={t('notFound')} action={<Link className="textlink" to="/">{t('toToday')}</Link>} /></div>;
}

/** A screen whose file is not on the phone yet, or that broke: says so and keeps the rest alive. */
class Catch extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const t = useT(shellText);
  return <div className="phone"><Empty title={t('loadFailed')} text={t('loadFailedText')} action={<button type="button" className="textlink" onClick={() => location.reload()}>{t('retry')}</button>} /></div>;
}
