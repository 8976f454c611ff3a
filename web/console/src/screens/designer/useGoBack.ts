import { toast } from '@tashi/shared/ui';
import { useState } from 'react';

/** Makes an old version the draft again, and says so; `problem` is why it could not. */
export function useGoBack(back: (number: number) => Promise<unknown>, told: (number: number) => string) {
  const [problem, setProblem] = useState<unknown>(null);
  const goBack = (number: number) => {
    setProblem(null);
    back(number).then(() => toast(told(number)), setProblem);
  };
  return { problem, setProblem, goBack };
}
