import { defineMessages } from '@tashi/shared/i18n';

export const ownDayText = defineMessages(
  'settings.ownDay',
  {
    title: '外勤自己的调整', intro: '外勤当天在手机上能自己改什么。规则和要经过谁，手机上在他动手之前就写明。',
    reorder: '调整拜访顺序', reorderDetail: '未开始的各站重新排序。已完成、进行中的不动；已锁定的几站之间不换顺序；会晚点的当场写明。',
    skip: '跳过拜访', skipDetail: '写明原因后跳过一站，安排计划的人会收到通知。',
    outside: '围栏外签到', outsideDetail: '人在客户围栏之外时能不能签到。签到都如实记为范围外，不算有效拜访。', outsideClasses: '某一类客户可以另定', 'outside.withPhoto': '可以，写明原因并拍现场照片', 'outside.photo': '签到后第一步就是拍现场照片，没有网络也能拍；照片和原因一起给经理看', 'outside.reason': '选一个原因或自己写，随拜访保存', 'outside.no': '拒绝，手机上说明怎么办；没有网络时签的照样收下，记为范围外',
    identity: '签到验证本人', identityDetail: '签到时要不要确认拿手机的是本人。', 'identity.none': '不验证', 'identity.none.detail': '登录即可签到', 'identity.passkey': '通行密钥', 'identity.passkey.detail': '用本人手机的指纹、面容或锁屏密码，没有网络也行。有网而不验证的拒绝；没网时不验证的照样收下，记为凭证不成立。每人先在手机“我的设备”里登记；服务器要有域名和 HTTPS',
    free: '可以，写明原因', approval: '要经审批', no: '不可以',
    'free.detail': '立即生效', 'approval.detail': '批准前当天计划不变', 'no.detail': '手机上看得到，但不能操作',
    flow: '审批走“外勤调整当天计划”的流程。没有启用流程时，由本人所在部门的负责人决定。', flows: '查看审批流程', save: '保存', saved: '已保存',
  },
  {
    title: 'Changes by the rep', intro: 'What people may change of their own day on the phone. The phone says the rule, and who decides, before they try.',
    reorder: 'Another order', reorderDetail: 'The open stops are put into another order. What is done or has begun stays; locked stops keep their order among each other; what would be late is said at once.',
    skip: 'Skip a visit', skipDetail: 'A stop is left out with a reason; whoever planned the day is told.',
    outside: 'Check in from outside the fence', outsideDetail: 'Whether people may check in while they are outside a customer\'s fence. It is recorded as outside and does not count as effective.', outsideClasses: 'A class of customers may have its own', 'outside.withPhoto': 'Yes, with a reason and a photo of the place', 'outside.photo': 'The photo of the place is the first step after it, also without a network; the manager sees it beside the reason', 'outside.reason': 'They choose a reason or write one; it stays with the visit', 'outside.no': 'Refused, and the phone says what to do; what was checked in without a network is kept, as outside',
    identity: 'Who checks in', identityDetail: 'Whether people confirm at check-in that it is they who hold the phone.', 'identity.none': 'Not asked', 'identity.none.detail': 'Signing in is enough', 'identity.passkey': 'Passkey', 'identity.passkey.detail': 'Fingerprint, face or screen lock of the own phone, without a network too. Unconfirmed check-ins are refused; without a network they are kept, as a proof that does not hold. Each person makes one under My devices first; the server needs a host name and HTTPS',
    free: 'Yes, with a reason', approval: 'With approval', no: 'No',
    'free.detail': 'Holds at once', 'approval.detail': 'The day stays as it is until approved', 'no.detail': 'Shown on the phone, cannot be used',
    flow: 'It runs through the flow for “Changes of one\'s own day”. Where none is in use, the head of the person\'s department decides.', flows: 'See the flows', save: 'Save', saved: 'Saved',
  },
);
