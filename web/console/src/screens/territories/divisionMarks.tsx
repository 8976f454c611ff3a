import type { Division } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import type { MapMarks } from '@tashi/shared/map';
import { useMemo } from 'react';
import { territoriesText } from './text';

/** The areas of a proposal with everybody's name, and all customers in the colour of who gets them. */
export function useDivisionMarks(division: Division | undefined): MapMarks {
  return useMemo<MapMarks>(() => {
    if (!division) return {};
    return {
      areas: division.people.map((one, place) => ({ id: one.employee.id, ring: one.outline, colour: place, label: one.employee.name })),
      dots: division.points.map((one) => ({ id: one.customer_id, at: one.at, colour: one.person, moved: one.moved })),
    };
  }, [division]);
}

export function MovedLegend() {
  const t = useT(territoriesText);
  return <span className="chip"><i className="terr-ring" />{t('legendMoved')}</span>;
}
