import { defineMessages } from '@tashi/shared/i18n';

/** What each permission allows, in the words of the roles page. */
export const permissionText = defineMessages(
  'permission',
  {
    'company.write': '修改企业设置、地图底图',
    'org.read': '查看部门和员工',
    'org.write': '管理部门、员工、角色、日历、策略、跟踪器',
    'audit.read': '查看操作日志',
    'customer.read': '查看客户',
    'customer.write': '新建和修改客户、导入客户',
    'task.read': '查看计划和任务',
    'task.write': '安排计划和任务',
    'visit.read': '查看拜访和照片',
    'live.read': '查看实时位置',
    'track.read': '查看轨迹回放',
    'report.read': '查看日报和工作台',
    'field.work': '在手机上做外勤',
    'track.audit': '核查某时某地在场人员',
  },
  {
    'company.write': 'Change company settings and basemap',
    'org.read': 'See departments and employees',
    'org.write': 'Manage departments, employees, roles, calendars, policies, trackers',
    'audit.read': 'See the audit log',
    'customer.read': 'See customers',
    'customer.write': 'Create, change and import customers',
    'task.read': 'See plans and tasks',
    'task.write': 'Make plans and tasks',
    'visit.read': 'See visits and photos',
    'live.read': 'See live positions',
    'track.read': 'See track playback',
    'report.read': 'See day reports and Home',
    'field.work': 'Work in the field with the phone',
    'track.audit': 'Search who was near a place',
  },
);
