/** What a flow is for, as a form whose fields conditions can be about. Pure. */
import type { SubjectField } from '@tashi/shared/api';
import type { Field, FormSpec } from '@tashi/shared/forms/index.ts';

export const specOf = (fields: readonly SubjectField[]): FormSpec => ({ title: {}, fields: fields.map(fieldOf) });

function fieldOf({ key, label, type, options }: SubjectField): Field {
  switch (type) {
    case 'text':
    case 'phone':
    case 'barcode':
    case 'yes_no':
    case 'date':
    case 'check': return { key, label, type };
    case 'number':
    case 'rating': return { key, label, type: 'number' };
    case 'choice':
    case 'choices': return { key, label, type, ...(options.length ? { options: [...options] } : {}) };
    // Of anything else only whether it is there can be asked.
    default: return { key, label, type: 'file' };
  }
}
