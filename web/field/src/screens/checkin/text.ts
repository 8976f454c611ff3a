import { defineMessages } from '@tashi/shared/i18n';

export const checkInText = defineMessages('field.checkin', {
  title: '到店签到', refresh: '刷新定位', you: '你 ±{{m}} m', fence: '围栏 {{m}} m', scene: '到店示意图：距店 {{distance}}，误差 ±{{accuracy}} m，围栏 {{radius}} m', sceneNoFix: '到店示意图，还没有定位', scaleBar: '{{m}} m',
  with: '同行：{{names}}，各自签到', stopLine: '{{address}}·第 {{seq}} 站·窗口 {{window}}', stopLineNoAddress: '第 {{seq}} 站·窗口 {{window}}',
  in: '在范围内，可以签到', cannot_tell: '不能判断，可以继续', out: '距客户 {{distance}}，需 ≤ {{radius}} m', searching: '正在定位，已收到 {{count}} 个点', noPlace: '这个客户还没有位置，不能判断', unavailable: '收不到定位，不能判断', denied: '没有定位权限，不能判断',
  scaleOut: '范围外', scaleUnknown: '不能判断：可继续', scaleIn: '范围内', scaleLabel: '在围栏内的可能是 {{percent}}',
  distance: '距店', accuracy: '误差', samples: '已采样', points: '点',
  clock: '手机时间与服务器差 {{seconds}} 秒', clockUnknown: '还没有对过服务器时间', clockNote: '时间以服务器收到为准',
  offlineOk: '没网也能签到', offlineNote: '先存本机，连上后自动传', onlineOk: '签到会马上传给公司', nonce: '挑战码 {{code}}',
  checkIn: '签到并开始', checkInPhoto: '签到，去拍{{title}}', checkInUnknown: '继续签到（记为不能判断）', wait: '再等 {{seconds}} 秒会更准', refreshAction: '刷新定位', repair: '修复定位权限',
  away: '店不在这里？报位置不对或异地签到', awayTitle: '店不在这里？', awayWrong: '店的位置不对，报给公司', awayHere: '异地签到（如实记为范围外）', cancel: '取消',
  awayConfirm: '为什么在围栏外签到？', awayConfirmText: '会如实记为范围外，距客户 {{distance}}。经理会看到这个距离和原因。', awayDo: '异地签到', awayWords: '写明原因', awayMore: '补充说明（可不填）', awayBarred: '公司规定围栏外不能签到。走近后刷新定位；店的位置不对时，可以报给公司。',
  wrongPlace: '店的位置不对：我在现场，定位 {{lng}}, {{lat}}，误差 ±{{accuracy}} m', wrongPlaceSaved: '已记下，会报给公司',
  otherOpen: '先签退 {{name}}', otherOpenText: '一次只能在一家店里。到那次拜访里签退后再来。', goThere: '去签退', taskGone: '这个任务不在手机里', toToday: '回到今日',
}, {
  title: 'Check in', refresh: 'Refresh location', you: 'You ±{{m}} m', fence: 'fence {{m}} m', scene: 'To scale: {{distance}} from the shop, error ±{{accuracy}} m, fence {{radius}} m', sceneNoFix: 'Sketch of the place, no location yet', scaleBar: '{{m}} m',
  with: 'Together with {{names}}; each checks in', stopLine: '{{address}} · stop {{seq}} · window {{window}}', stopLineNoAddress: 'Stop {{seq}} · window {{window}}',
  in: 'Inside: you can check in', cannot_tell: 'Cannot tell: you may go on', out: '{{distance}} from the customer, must be ≤ {{radius}} m', searching: 'Locating, {{count}} points so far', noPlace: 'This customer has no place yet: cannot tell', unavailable: 'No location signal: cannot tell', denied: 'No permission for location: cannot tell',
  scaleOut: 'Outside', scaleUnknown: 'Cannot tell: you may go on', scaleIn: 'Inside', scaleLabel: 'Probability of being inside: {{percent}}',
  distance: 'To the shop', accuracy: 'Error', samples: 'Sampled', points: 'points',
  clock: 'This phone\'s clock is {{seconds}} s off', clockUnknown: 'Clock not compared yet', clockNote: 'The server\'s time counts',
  offlineOk: 'Works without a network', offlineNote: 'Stored here, sent later by itself', onlineOk: 'Your check-in is sent at once', nonce: 'Challenge {{code}}',
  checkIn: 'Check in and start', checkInPhoto: 'Check in, then photo: {{title}}', checkInUnknown: 'Check in (as "cannot tell")', wait: 'Better in {{seconds}} s', refreshAction: 'Refresh location', repair: 'Repair location permission',
  away: 'Shop not here? Report it or check in from afar', awayTitle: 'Is the shop not here?', awayWrong: 'The shop\'s place is wrong: report it', awayHere: 'Check in from afar (recorded as outside)', cancel: 'Cancel',
  awayConfirm: 'Why from outside the fence?', awayConfirmText: 'It will be recorded as outside, {{distance}} from the customer. Your manager sees this distance and the reason.', awayDo: 'Check in', awayWords: 'Your reason', awayMore: 'More words (if you like)', awayBarred: 'Your company does not allow check-ins from outside the fence. Go closer and refresh, or report that the place is wrong.',
  wrongPlace: 'The place of this shop is wrong: I am on site at {{lng}}, {{lat}}, error ±{{accuracy}} m', wrongPlaceSaved: 'Noted, it will be reported',
  otherOpen: 'Check out of {{name}} first', otherOpenText: 'You can be in one shop at a time. Check out there, then come back.', goThere: 'Go there', taskGone: 'This task is not on the phone', toToday: 'Back to today',
});
