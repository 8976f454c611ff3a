import { defineMessages } from '@tashi/shared/i18n';

export const cameraText = defineMessages('field.camera', {
  close: '关闭', torch: '闪光灯', flip: '换镜头', shutter: '拍照', lastPhoto: '上一张',
  countRange: '{{name}}·第 {{n}} 张，要 {{min}}–{{max}} 张', countMin: '{{name}}·第 {{n}} 张，至少 {{min}} 张',
  sharp: '清晰', blurred: '有点糊，拿稳再拍', light: '亮度合适', dark: '太暗', bright: '太亮', located: '定位 ±{{m}} m', locating: '正在定位',
  liveOnly: '只能现拍，不能从相册选', challenge: '挑战码', offlineOk: '没网也能拍，连上后自动传', onlineOk: '拍完自动传',
  use: '用这张', again: '重拍', review: '刚拍的照片', saving: '正在存到本机', fingerprint: '指纹 {{hash}}',
  opening: '正在打开相机', deniedTitle: '相机没有权限', deniedText: '拍照要用相机。到权限检查里看怎么打开。', noneTitle: '打不开相机', noneText: '可能被别的应用占着，关掉它再试。', repair: '怎么打开', retry: '再试一次', backToVisit: '回到拜访',
  primeTitle: '要用相机拍门头和陈列', primeText: '只在你按快门时拍，照片只跟着这次拜访走。', primeAction: '打开相机', appName: '踏实', accuracy: '±{{m}} m', noFix: '没有定位',
}, {
  close: 'Close', torch: 'Torch', flip: 'Other camera', shutter: 'Take photo', lastPhoto: 'Last photo',
  countRange: '{{name}} · photo {{n}}, needs {{min}}–{{max}}', countMin: '{{name}} · photo {{n}}, at least {{min}}',
  sharp: 'Sharp', blurred: 'Blurred, hold still', light: 'Light is fine', dark: 'Too dark', bright: 'Too bright', located: 'Location ±{{m}} m', locating: 'Locating',
  liveOnly: 'Live only, no gallery', challenge: 'Challenge', offlineOk: 'Works offline, sent later', onlineOk: 'Sent by itself',
  use: 'Use this one', again: 'Take again', review: 'The photo just taken', saving: 'Saving on this phone', fingerprint: 'hash {{hash}}',
  opening: 'Opening the camera', deniedTitle: 'No permission for the camera', deniedText: 'Photos need the camera. The permissions check shows how to allow it.', noneTitle: 'The camera does not open', noneText: 'Another app may be using it. Close that and try again.', repair: 'Show how', retry: 'Try again', backToVisit: 'Back to the visit',
  primeTitle: 'The camera is for shop front and shelf', primeText: 'It takes a picture only when you press, and the picture stays with this visit.', primeAction: 'Open the camera', appName: 'Tashi', accuracy: '±{{m}} m', noFix: 'no location',
});
