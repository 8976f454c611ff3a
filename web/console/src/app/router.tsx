import {
  createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect,
} from '@tanstack/react-router';
import { ApiProblem, type Permission } from '@tashi/shared/api';
import { ToastHost } from '@tashi/shared/ui';
import { compact, parseSearch, stringifySearch, text, type RawSearch } from '../kit/search';
import { parseCustomersSearch } from '../screens/customers/search';
import { parseBoardSearch, parseWeekSearch } from '../screens/board/search';
import { parseChecksSearch } from '../screens/checks/search';
import { parseSopSearch } from '../screens/sop/search';
import { parseAttendanceSearch } from '../screens/attendance/search';
import { parseApprovalsSearch } from '../screens/approvals/search';
import { parseFormSearch, parseTemplatesSearch } from '../screens/designer/search';
import { parseDispatchSearch } from '../screens/dispatch/search';
import { parseFencesSearch } from '../screens/fences/search';
import { parseHealthSearch } from '../screens/health/search';
import { parseHomeSearch } from '../screens/home/search';
import { parseLiveSearch } from '../screens/live/search';
import { parseEquipmentSearch, parseInspectionsSearch, parseMaintenanceSearch, parseOrdersSearch, parsePartsSearch, parseTypesSearch } from '../screens/orders/search';
import { parseObjectSearch, parseRecordsSearch } from '../screens/objects/search';
import { parseEditorSearch, parseKnowledgeSearch } from '../screens/knowledge/search';
import { parseMileageSearch } from '../screens/mileage/search';
import { parsePeopleSearch } from '../screens/people/search';
import { parseFlowSearch } from '../screens/flows/search';
import { parseFrequencySearch } from '../screens/frequency/search';
import { parseTerritoriesSearch } from '../screens/territories/search';
import { parseGroupsSearch } from '../screens/groups/search';
import { parsePlanningSearch } from '../screens/planning/search';
import { parseReportsSearch } from '../screens/reports/search';
import { parseSettingsSearch } from '../screens/settings/search';
import { parseTasksSearch } from '../screens/tasks/search';
import { parseTracksSearch } from '../screens/tracks/search';
import { parseTruthSearch } from '../screens/truth/search';
import { parseVisitsSearch } from '../screens/visits/search';
import { parseGallerySearch } from '../screens/gallery/search';
import { Shell } from '../shell/Shell';
import { CrashPage, NotFoundPage, PendingPage } from '../shell/StatePages';
import { visibleNavigation } from './navigation';
import { queryClient } from './queryClient';
import { mayBeSignedIn, meQuery, setupQuery } from './session';

/** Raised by a route whose permission is missing; the shell shows why instead of an empty page. */
export class NoAccess extends Error {
  constructor(readonly permission: Permission) {
    super(permission);
    this.name = 'NoAccess';
  }
}

const rootRoute = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <ToastHost />
    </>
  ),
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (raw: RawSearch): { next?: string } => compact({ next: text(raw.next) }),
  beforeLoad: async () => {
    const setup = await queryClient.ensureQueryData(setupQuery).catch(() => null);
    if (setup?.needed) throw redirect({ to: '/setup' });
  },
  component: lazyRouteComponent(() => import('../screens/signin/SignInScreen'), 'SignInScreen'),
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  beforeLoad: async () => {
    const setup = await queryClient.ensureQueryData(setupQuery);
    if (!setup.needed) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('../screens/setup/SetupScreen'), 'SetupScreen'),
});

/** For customers, without a sign-in. */
const faultRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/fault/$label',
  component: lazyRouteComponent(() => import('../screens/service/FaultScreen'), 'FaultScreen'),
});
const serviceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/service/$token',
  component: lazyRouteComponent(() => import('../screens/service/ServiceScreen'), 'ServiceScreen'),
});

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    const next = location.href === '/' ? undefined : location.href;
    if (!mayBeSignedIn()) throw redirect({ to: '/login', search: { next } });
    try {
      return { me: await queryClient.ensureQueryData(meQuery) };
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        throw redirect({ to: '/login', search: { next } });
      }
      throw error;
    }
  },
  component: Shell,
});

function needs(permission: Permission) {
  return ({ context }: { context: { me: { permissions: string[] } } }) => {
    if (!context.me.permissions.includes(permission)) throw new NoAccess(permission);
  };
}

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: parseHomeSearch,
  beforeLoad: ({ context }) => {
    const first = visibleNavigation(context.me.permissions)[0];
    if (first && first.to !== '/') throw redirect({ to: first.to });
  },
  component: lazyRouteComponent(() => import('../screens/home/HomeScreen'), 'HomeScreen'),
});
const liveRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/live',
  validateSearch: parseLiveSearch,
  beforeLoad: needs('live.read'),
  component: lazyRouteComponent(() => import('../screens/live/LiveScreen'), 'LiveScreen'),
});
const tracksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tracks',
  validateSearch: parseTracksSearch,
  beforeLoad: needs('track.read'),
  component: lazyRouteComponent(() => import('../screens/tracks/TracksScreen'), 'TracksScreen'),
});
const planningRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/planning',
  validateSearch: parsePlanningSearch,
  beforeLoad: needs('task.read'),
  component: lazyRouteComponent(() => import('../screens/planning/PlanningScreen'), 'PlanningScreen'),
});
const boardRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/planning/board',
  validateSearch: parseBoardSearch,
  beforeLoad: needs('task.read'),
  component: lazyRouteComponent(() => import('../screens/board/BoardScreen'), 'BoardScreen'),
});
const weekRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/planning/week',
  validateSearch: parseWeekSearch,
  beforeLoad: needs('task.read'),
  component: lazyRouteComponent(() => import('../screens/board/WeekScreen'), 'WeekScreen'),
});
const frequencyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/frequency',
  validateSearch: parseFrequencySearch,
  beforeLoad: needs('task.write'),
  component: lazyRouteComponent(() => import('../screens/frequency/FrequencyScreen'), 'FrequencyScreen'),
});
const dispatchRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/dispatch',
  validateSearch: parseDispatchSearch,
  beforeLoad: needs('task.read'),
  component: lazyRouteComponent(() => import('../screens/dispatch/DispatchScreen'), 'DispatchScreen'),
});
const tasksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks',
  validateSearch: parseTasksSearch,
  beforeLoad: needs('task.read'),
  component: lazyRouteComponent(() => import('../screens/tasks/TasksScreen'), 'TasksScreen'),
});
const visitsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/visits',
  validateSearch: parseVisitsSearch,
  beforeLoad: needs('visit.read'),
  component: lazyRouteComponent(() => import('../screens/visits/VisitsScreen'), 'VisitsScreen'),
});
const galleryRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/gallery',
  validateSearch: parseGallerySearch,
  beforeLoad: needs('visit.read'),
  component: lazyRouteComponent(() => import('../screens/gallery/GalleryScreen'), 'GalleryScreen'),
});
const visitRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/visits/$id',
  validateSearch: parseVisitsSearch,
  beforeLoad: needs('visit.read'),
  component: lazyRouteComponent(() => import('../screens/visits/VisitScreen'), 'VisitScreen'),
});
const truthRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/truth',
  validateSearch: parseTruthSearch,
  beforeLoad: needs('visit.read'),
  component: lazyRouteComponent(() => import('../screens/truth/TruthScreen'), 'TruthScreen'),
});
const customersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/customers',
  validateSearch: parseCustomersSearch,
  beforeLoad: needs('customer.read'),
  component: lazyRouteComponent(() => import('../screens/customers/CustomersScreen'), 'CustomersScreen'),
});
// The drawer is part of the list page, so that list and map stay alive beside it.
const customerRoute = createRoute({ getParentRoute: () => customersRoute, path: '$id' });
const fencesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/fences',
  validateSearch: parseFencesSearch,
  beforeLoad: needs('customer.read'),
  component: lazyRouteComponent(() => import('../screens/fences/FencesScreen'), 'FencesScreen'),
});
const territoriesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/territories',
  validateSearch: parseTerritoriesSearch,
  beforeLoad: needs('customer.read'),
  component: lazyRouteComponent(() => import('../screens/territories/TerritoriesScreen'), 'TerritoriesScreen'),
});
const peopleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/people',
  validateSearch: parsePeopleSearch,
  beforeLoad: needs('org.read'),
  component: lazyRouteComponent(() => import('../screens/people/PeopleScreen'), 'PeopleScreen'),
});
const reportsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports',
  validateSearch: parseReportsSearch,
  beforeLoad: needs('report.read'),
  component: lazyRouteComponent(() => import('../screens/reports/ReportsScreen'), 'ReportsScreen'),
});
const groupsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/groups',
  validateSearch: parseGroupsSearch,
  beforeLoad: needs('report.read'),
  component: lazyRouteComponent(() => import('../screens/groups/GroupsScreen'), 'GroupsScreen'),
});
const healthRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/health',
  validateSearch: parseHealthSearch,
  beforeLoad: needs('live.read'),
  component: lazyRouteComponent(() => import('../screens/health/HealthScreen'), 'HealthScreen'),
});
const mileageRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/mileage',
  validateSearch: parseMileageSearch,
  beforeLoad: needs('report.read'),
  component: lazyRouteComponent(() => import('../screens/mileage/MileageScreen'), 'MileageScreen'),
});
const sopRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/steps',
  validateSearch: parseSopSearch,
  beforeLoad: needs('report.read'),
  component: lazyRouteComponent(() => import('../screens/sop/SopScreen'), 'SopScreen'),
});
const checksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/checks',
  validateSearch: parseChecksSearch,
  beforeLoad: needs('report.read'),
  component: lazyRouteComponent(() => import('../screens/checks/ChecksScreen'), 'ChecksScreen'),
});
const formsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/designer/forms',
  beforeLoad: needs('task.read'),
  component: lazyRouteComponent(() => import('../screens/designer/FormsScreen'), 'FormsScreen'),
});
const formRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/designer/forms/$id',
  validateSearch: parseFormSearch,
  beforeLoad: needs('task.read'),
  component: lazyRouteComponent(() => import('../screens/designer/FormScreen'), 'FormScreen'),
});
const templatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/designer/templates',
  validateSearch: parseTemplatesSearch,
  beforeLoad: needs('task.read'),
  component: lazyRouteComponent(() => import('../screens/designer/TemplatesScreen'), 'TemplatesScreen'),
});
const flowsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/designer/flows',
  beforeLoad: needs('flow.write'),
  component: lazyRouteComponent(() => import('../screens/flows/FlowsScreen'), 'FlowsScreen'),
});
const flowRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/designer/flows/$id',
  validateSearch: parseFlowSearch,
  beforeLoad: needs('flow.write'),
  component: lazyRouteComponent(() => import('../screens/flows/FlowScreen'), 'FlowScreen'),
});
const attendanceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/attendance',
  validateSearch: parseAttendanceSearch,
  beforeLoad: needs('report.read'),
  component: lazyRouteComponent(() => import('../screens/attendance/AttendanceScreen'), 'AttendanceScreen'),
});
const approvalsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals',
  validateSearch: parseApprovalsSearch,
  component: lazyRouteComponent(() => import('../screens/approvals/ApprovalsScreen'), 'ApprovalsScreen'),
});
const approvalRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals/$id',
  component: lazyRouteComponent(() => import('../screens/approvals/ApprovalScreen'), 'ApprovalScreen'),
});
const objectsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/designer/objects',
  beforeLoad: needs('form.write'),
  component: lazyRouteComponent(() => import('../screens/objects/ObjectsScreen'), 'ObjectsScreen'),
});
const objectRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/designer/objects/$id',
  validateSearch: parseObjectSearch,
  beforeLoad: needs('form.write'),
  component: lazyRouteComponent(() => import('../screens/objects/ObjectScreen'), 'ObjectScreen'),
});
const customFieldsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/designer/fields',
  beforeLoad: needs('form.write'),
  component: lazyRouteComponent(() => import('../screens/custom/CustomFieldsScreen'), 'CustomFieldsScreen'),
});
const customFormRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/designer/fields/$id',
  beforeLoad: needs('form.write'),
  component: lazyRouteComponent(() => import('../screens/custom/CustomFormScreen'), 'CustomFormScreen'),
});
const businessRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/business',
  component: lazyRouteComponent(() => import('../screens/objects/BusinessScreen'), 'BusinessScreen'),
});
const recordsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/business/$key',
  validateSearch: parseRecordsSearch,
  component: lazyRouteComponent(() => import('../screens/objects/RecordsScreen'), 'RecordsScreen'),
});
const knowledgeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/knowledge',
  validateSearch: parseKnowledgeSearch,
  component: lazyRouteComponent(() => import('../screens/knowledge/KnowledgeScreen'), 'KnowledgeScreen'),
});
const articleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/knowledge/$id',
  component: lazyRouteComponent(() => import('../screens/knowledge/ArticleScreen'), 'ArticleScreen'),
});
const articleEditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/knowledge/$id/edit',
  validateSearch: parseEditorSearch,
  beforeLoad: needs('knowledge.write'),
  component: lazyRouteComponent(() => import('../screens/knowledge/EditorScreen'), 'EditorScreen'),
});
const ordersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders',
  validateSearch: parseOrdersSearch,
  beforeLoad: needs('order.read'),
  component: lazyRouteComponent(() => import('../screens/orders/OrdersScreen'), 'OrdersScreen'),
});
const equipmentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders/equipment',
  validateSearch: parseEquipmentSearch,
  beforeLoad: needs('order.read'),
  component: lazyRouteComponent(() => import('../screens/orders/EquipmentScreen'), 'EquipmentScreen'),
});
const maintenanceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders/maintenance',
  validateSearch: parseMaintenanceSearch,
  beforeLoad: needs('order.read'),
  component: lazyRouteComponent(() => import('../screens/orders/MaintenanceScreen'), 'MaintenanceScreen'),
});
const inspectionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders/inspections',
  validateSearch: parseInspectionsSearch,
  beforeLoad: needs('order.read'),
  component: lazyRouteComponent(() => import('../screens/orders/InspectionsScreen'), 'InspectionsScreen'),
});
const partsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders/parts',
  validateSearch: parsePartsSearch,
  beforeLoad: needs('order.read'),
  component: lazyRouteComponent(() => import('../screens/orders/PartsScreen'), 'PartsScreen'),
});
const orderTypesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orders/types',
  validateSearch: parseTypesSearch,
  beforeLoad: needs('order.read'),
  component: lazyRouteComponent(() => import('../screens/orders/TypesScreen'), 'TypesScreen'),
});
const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  validateSearch: parseSettingsSearch,
  component: lazyRouteComponent(() => import('../screens/settings/SettingsScreen'), 'SettingsScreen'),
});
const settingsSectionRoute = createRoute({ getParentRoute: () => settingsRoute, path: '$section' });

const routeTree = rootRoute.addChildren([
  loginRoute,
  setupRoute,
  faultRoute,
  serviceRoute,
  shellRoute.addChildren([
    homeRoute, liveRoute, tracksRoute, planningRoute, boardRoute, weekRoute, frequencyRoute, dispatchRoute, tasksRoute, visitsRoute, visitRoute, truthRoute,
    customersRoute.addChildren([customerRoute]), territoriesRoute, fencesRoute, peopleRoute, reportsRoute, groupsRoute, healthRoute, mileageRoute, checksRoute, sopRoute, formsRoute, formRoute, templatesRoute, flowsRoute, flowRoute, attendanceRoute, approvalsRoute, approvalRoute, objectsRoute, objectRoute, customFieldsRoute, customFormRoute, businessRoute, knowledgeRoute, articleRoute, articleEditRoute, galleryRoute, ordersRoute, equipmentRoute, maintenanceRoute, inspectionsRoute, partsRoute, orderTypesRoute, recordsRoute,
    settingsRoute.addChildren([settingsSectionRoute]),
  ]),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultPendingComponent: PendingPage,
  defaultErrorComponent: CrashPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
