import type { ReactNode } from 'react';

/** A number with its quiet unit, one step smaller: 38.0 km. */
export function Figure({ value, unit, size }: { value: ReactNode; unit?: ReactNode; size?: number }) {
  return (
    <span className="nw">
      <span className="num" style={size ? { fontSize: size, lineHeight: 1.35 } : undefined}>
        {value}
      </span>
      {unit ? <span className="unit">{unit}</span> : null}
    </span>
  );
}
