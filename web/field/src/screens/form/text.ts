import { defineMessages } from '@tashi/shared/i18n';

export const formText = defineMessages('field.form', {
  missing: '表单还没到手机', missingText: '连上网络打开今日页，表单会自动下载。', toVisit: '回到拜访', done: '完成表单', saved: '已存本机 {{time}}', left: '还有 {{count}} 处要改', ready: '可以完成', score: '{{points}} 分',
  required: '必填', type: '这个答案不对', too_long: '最多 {{limit}} 个字', min: '不能小于 {{limit}}', max: '不能大于 {{limit}}', places: '最多 {{limit}} 位小数', choice: '请重新选择', count: '数量不对，要求 {{limit}}', rows: '行数不对，要求 {{limit}}', constraint: '不符合要求', unknown_field: '多余的答案', notNumber: '请填数字',
  'check.pass': '合格', 'check.fail': '不合格', 'check.na': '不适用', value: '数值', remark: '说明', remarkNeeded: '说明哪里不合格', remarkFree: '说明（可不填）', follows: '提交后会自动建一个整改任务', limitBoth: '合格范围 {{min}}–{{max}} {{unit}}', limitMin: '合格：不低于 {{min}} {{unit}}', limitMax: '合格：不高于 {{max}} {{unit}}', measured: '测量值 {{unit}}', checks: '得分率 {{percent}}',
  yes: '是', no: '否', clear: '清除', search: '搜索', noMatch: '没有匹配的选项', more: '还有 {{count}} 项，输入文字缩小范围', choose: '请选择', change: '更换', stars: '{{n}} 星',
  here: '取当前位置', hereAgain: '重新取位', noFix: '还没有定位，请到开阔处稍等', place: '{{lat}}, {{lng}}（±{{m}} 米）', placePlain: '{{lat}}, {{lng}}',
  photo: '拍照', photoN: '照片 {{n}}', photoOut: '去掉照片 {{n}}', photosNeed: '要 {{min}}–{{max}} 张', photosMost: '最多 {{max}} 张', photosLack: '至少要拍 {{limit}} 张',
  listComing: '正在下载列表…', listMissing: '列表还没到手机，联网后会自动下载', listCut: '手机上只有前 {{count}} 项', noProducts: '还没有商品，请联系管理员在“业务”里建商品', noEquipment: '没有登记设备',
  fileChoose: '选择文件', fileMore: '再选文件', fileN: '文件 {{n}}', fileOut: '去掉文件 {{name}}', filesMost: '最多 {{max}} 个，每个不超过 20 MB', tooBig: '文件超过 20 MB', unreadable: '这个文件打不开',
  sign: '签名', signHere: '请在框内签名', recordAgain: '重新录', signDone: '用这个签名', signAgain: '重签', signed: '已签名',
  addRow: '加一行', removeRow: '删掉第 {{n}} 行', row: '第 {{n}} 行', computed: '自动计算', empty: '—', scan: '扫码', scanning: '对准条码', scanStop: '停止',
}, {
  missing: 'The form is not on this phone yet', missingText: 'Go online and open Today: forms are fetched by themselves.', toVisit: 'Back to the visit', done: 'Finish the form', saved: 'Saved on this phone {{time}}', left: { one: '{{count}} place to mend', other: '{{count}} places to mend' }, ready: 'Ready to finish', score: '{{points}} points',
  required: 'Required', type: 'This answer does not fit', too_long: 'At most {{limit}} characters', min: 'Not below {{limit}}', max: 'Not above {{limit}}', places: 'At most {{limit}} decimals', choice: 'Please choose again', count: 'Wrong number: {{limit}}', rows: 'Wrong number of rows: {{limit}}', constraint: 'This does not meet the rule', unknown_field: 'An answer too many', notNumber: 'Please enter a number',
  'check.pass': 'Pass', 'check.fail': 'Fail', 'check.na': 'N/A', value: 'value', remark: 'remark', remarkNeeded: 'Say what is wrong', remarkFree: 'Remark (optional)', follows: 'A follow-up task is opened when you hand it in', limitBoth: 'Passes from {{min}} to {{max}} {{unit}}', limitMin: 'Passes from {{min}} {{unit}}', limitMax: 'Passes up to {{max}} {{unit}}', measured: 'Measured {{unit}}', checks: '{{percent}} passed',
  yes: 'Yes', no: 'No', clear: 'Clear', search: 'Search', noMatch: 'Nothing matches', more: { one: '{{count}} more, type to narrow down', other: '{{count}} more, type to narrow down' }, choose: 'Choose', change: 'Change', stars: { one: '{{n}} star', other: '{{n}} stars' },
  here: 'Take my position', hereAgain: 'Take it again', noFix: 'No position yet; step into the open and wait', place: '{{lat}}, {{lng}} (±{{m}} m)', placePlain: '{{lat}}, {{lng}}',
  photo: 'Photo', photoN: 'Photo {{n}}', photoOut: 'Take out photo {{n}}', photosNeed: '{{min}}–{{max}} photos', photosMost: 'at most {{max}}', photosLack: 'Photos needed: {{limit}}',
  listComing: 'Fetching the list…', listMissing: 'The list is not on this phone yet; it comes by itself with a network', listCut: 'Only the first {{count}} are on the phone', noProducts: 'No products yet; ask your administrator to make some', noEquipment: 'No equipment registered',
  fileChoose: 'Choose a file', fileMore: 'Another file', fileN: 'File {{n}}', fileOut: 'Take out file {{name}}', filesMost: 'At most {{max}}, 20 MB each', tooBig: 'The file is larger than 20 MB', unreadable: 'This file cannot be opened',
  sign: 'Sign', signHere: 'Sign inside the frame', recordAgain: 'Record again', signDone: 'Use this signature', signAgain: 'Sign again', signed: 'Signed',
  addRow: 'Add a row', removeRow: 'Remove row {{n}}', row: 'Row {{n}}', computed: 'computed', empty: '—', scan: 'Scan', scanning: 'Point at the code', scanStop: 'Stop',
});
