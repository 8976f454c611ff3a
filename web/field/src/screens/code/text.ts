import { defineMessages } from '@tashi/shared/i18n';

export const codeScreenText = defineMessages('field.code', {
  title: '客户现场码', how: '请用踏实外勤应用扫码', square: '现场码', digits: '码的数字', left: '还剩的时间', seconds: '{{count}} 秒后更换·没有网络也能用', clock: '这台设备的时间差 {{minutes}} 分钟，请打开自动校时；目前按服务器时间显示。',
  none: '还没有设置现场码', noneText: '请在管理后台的客户页打开“动态码（屏幕）”，用这台设备扫那里的码。',
}, {
  title: 'Code on site', how: 'Scan with the Tashi app', square: 'Code', digits: 'Digits of the code', left: 'Time left', seconds: { one: 'another one in {{count}} s · works without a network', other: 'another one in {{count}} s · works without a network' }, clock: 'The clock of this device is off by {{minutes}} min; let it set itself. The code follows the server\'s time for now.',
  none: 'No code is set up here', noneText: 'Open “Changing code (screen)” on the customer\'s page of the console and scan it with this device.',
});
