import { toProblem } from '@tashi/shared/api';
import type { FormInstance } from 'antd';
import { useCallback, useState } from 'react';

/**
 * Puts the refused fields of a problem beside their inputs and keeps the rest for `ProblemView`.
 * `names` maps the server's field names to the form's when they differ.
 */
export function useProblemFields(form: FormInstance, names: Record<string, string | (string | number)[]> = {}) {
  const [problem, setProblem] = useState<unknown>(null);
  const show = useCallback(
    (error: unknown) => {
      const { fields } = toProblem(error);
      const known = fields
        .map((one) => ({ name: names[one.field] ?? one.field.split('.'), errors: [one.message] }))
        .filter((one) => form.getFieldInstance(one.name) !== undefined);
      if (known.length) {
        form.setFields(known);
        form.scrollToField(known[0]!.name, { block: 'center' });
      }
      setProblem(known.length && known.length === fields.length ? null : error);
    },
    // The mapping is constant per form.
    [form],
  );
  return { problem, show, clear: useCallback(() => setProblem(null), []) };
}
