import { useEffect, useState, type ReactNode } from 'react';

/** True only after `ms`, so that a quick answer never flashes a placeholder. */
export function useDelayed(active: boolean, ms = 150): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!active) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [active, ms]);
  return active && late;
}

/** A quiet grey bar in the place of a text that is on its way. */
export function Bone({ width = '100%', height = 12 }: { width?: number | string; height?: number }) {
  return <span className="bone" style={{ width, height }} />;
}

/** Rows of bones as tall as the real rows. Shown after 150 ms; the space is kept from the start. */
export function SkeletonRows({ rows = 8, height = 44 }: { rows?: number; height?: number }) {
  const visible = useDelayed(true);
  const items: ReactNode[] = [];
  for (let i = 0; i < rows; i++) {
    items.push(
      <div key={i} className="bone-row" style={{ height }}>
        {visible ? (
          <>
            <Bone width={18} height={18} />
            <Bone width={`${34 + ((i * 17) % 23)}%`} />
            <Bone width={`${10 + ((i * 7) % 9)}%`} />
          </>
        ) : null}
      </div>,
    );
  }
  return <div aria-busy="true">{items}</div>;
}
