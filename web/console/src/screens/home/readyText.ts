import { defineMessages } from '@tashi/shared/i18n';

/** Words of what a company needs before its people go out. */
export const readyText = defineMessages(
  'home.ready',
  {
    title: '上线前检查', progress: '{{done}} / {{all}} 项就绪', putAway: '收起，不再显示', there: '就绪', missing: '还没好',
    zone: '时区', calendar: '工作日历', 'calendar.done': '已按本企业改过', 'calendar.open': '还是出厂的周一至周五 09:00–17:00，没有节假日',
    people: '外勤人员', 'people.detail': '{{count}} 人可以外出', phones: '手机登录', 'phones.detail': '{{on}} / {{all}} 人的手机已登录',
    customers: '客户位置', 'customers.detail': '{{placed}} / {{all}} 家有坐标；没有坐标的不能排路线，也判断不了是否到店',
    basemap: '地图底图', 'basemap.done': '已设置', 'basemap.open': '还没有底图，地图只有空白底',
    https: '安全连接（HTTPS）', 'https.done': '本页经 HTTPS 打开，手机可以定位、拍照和离线使用', 'https.open': '本页经 HTTP 打开：手机上不能定位、拍照和安装', 'https.how': '启动时用 --tls-cert、--tls-acme 或 --tls-office，见部署说明。',
    backup: '备份', 'backup.last': '上次 {{when}}', 'backup.never': '本服务器还没有备份过', 'backup.how': '在服务器上定时运行 tashi backup，8 天内有过一次即为就绪。',
  },
  {
    title: 'Before people go out', progress: '{{done}} of {{all}} ready', putAway: 'Put away for good', there: 'ready', missing: 'not yet',
    zone: 'Time zone', calendar: 'Work calendar', 'calendar.done': 'Made your own', 'calendar.open': 'Still Monday to Friday, 09:00–17:00, without holidays',
    people: 'People outside', 'people.detail': { one: '{{count}} person can go out', other: '{{count}} people can go out' }, phones: 'Phones signed in', 'phones.detail': '{{on}} of {{all}} people have their phone signed in',
    customers: 'Places of customers', 'customers.detail': '{{placed}} of {{all}} have coordinates; without them there is no route and no check of the place',
    basemap: 'Basemap', 'basemap.done': 'Set', 'basemap.open': 'None yet: maps have a plain ground',
    https: 'Secure connection (HTTPS)', 'https.done': 'This page came by HTTPS: phones can locate, take photos and work offline', 'https.open': 'This page came by HTTP: on phones there is no location, no camera and no installing', 'https.how': 'Start with --tls-cert, --tls-acme or --tls-office; see the operating guide.',
    backup: 'Backup', 'backup.last': 'Last on {{when}}', 'backup.never': 'This server was never backed up', 'backup.how': 'Run tashi backup on the server by a timer; one within 8 days counts as ready.',
  },
);
