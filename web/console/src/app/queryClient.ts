import { QueryClient } from '@tanstack/react-query';
import { toProblem } from '@tashi/shared/api';

/** Server state of the console. Answers count as fresh for ten seconds; only failures that may pass are tried again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && toProblem(error).retryable,
    },
  },
});
