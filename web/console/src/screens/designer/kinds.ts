import type { IconName } from '@tashi/shared/ui';

/** How each kind of field looks in the palette, on the canvas and in its properties. */
export const KIND_ICON: Record<string, IconName> = {
  text: 'text', number: 'hash', yes_no: 'check', choice: 'radio', choices: 'list', rating: 'star', date: 'plan', time: 'clock', date_time: 'plan', phone: 'phone',
  photo: 'camera', check: 'okCircle', signature: 'signature', place: 'target', barcode: 'barcode', customer: 'store', contact: 'idCard', employee: 'user', equipment: 'wrench', product: 'box', reference: 'link', computed: 'calculator',
  table: 'columns', section: 'minus', note: 'info', audio: 'mic', file: 'file',
};
