import { useQuery } from '@tanstack/react-query';
import { api, type CustomerGrades } from '@tashi/shared/api';
import { setGrades } from '@tashi/shared/grades.ts';
import { useEffect } from 'react';

export const GRADES_KEY = ['customer-grades'];

/** Tells all screens and maps which grades the company has. */
export function useGradesOfCompany() {
  const kept = useQuery({ queryKey: GRADES_KEY, queryFn: () => api.get<CustomerGrades>('/customer-grades'), staleTime: 300_000 });
  useEffect(() => {
    if (kept.data) setGrades(kept.data.items);
  }, [kept.data]);
  return kept;
}
