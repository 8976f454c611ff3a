import type { Datum, Point } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { ConfigProvider, Input, Select } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import { parsePoint, pointText, type Place } from './place';
import { kitText } from './text';

const PointMap = lazy(() => import('./PointMap'));

export interface PlaceFieldProps {
  /** Given by the form item. */
  id?: string;
  value?: Place | null;
  onChange?(next: Place | null): void;
  disabled?: boolean;
  /** Draws the fence of this radius round the place. */
  radiusM?: number;
}

/** A place, typed or pasted with its datum, or picked on the map. */
export function PlaceField({ id, value, onChange, disabled, radiusM }: PlaceFieldProps) {
  const t = useT(kitText);
  return (
    <Coordinates
      id={id}
      at={value?.at ?? null}
      disabled={disabled}
      radiusM={value?.datum && value.datum !== 'wgs84' ? undefined : radiusM}
      mapped={!value || value.datum === 'wgs84'}
      onPick={(at) => onChange?.(at ? { at, datum: 'wgs84' } : null)}
      onType={(at) => onChange?.(at ? { at, datum: value?.datum ?? 'wgs84' } : null)}
      after={
        <Select<Datum>
          aria-label={t('point.datum')}
          disabled={disabled || !value}
          value={value?.datum ?? 'wgs84'}
          style={{ width: 190 }}
          options={(['wgs84', 'gcj02', 'bd09'] as const).map((one) => ({ value: one, label: t(`point.${one}`) }))}
          onChange={(datum) => value && onChange?.({ at: value.at, datum })}
        />
      }
    />
  );
}

/** A WGS-84 place without a choice of datum. */
export function PointField({ id, value, onChange, disabled, radiusM }: {
  id?: string;
  value?: Point | null;
  onChange?(next: Point | null): void;
  disabled?: boolean;
  radiusM?: number;
}) {
  const set = (at: Point | null) => onChange?.(at);
  return <Coordinates id={id} at={value ?? null} disabled={disabled} radiusM={radiusM} mapped onPick={set} onType={set} />;
}

function Coordinates({ id, at, disabled: own, radiusM, mapped, onPick, onType, after }: {
  id?: string;
  at: Point | null;
  disabled?: boolean;
  radiusM?: number;
  /** False while the numbers are in another datum: our map would show them in the wrong place. */
  mapped: boolean;
  onPick(at: Point | null): void;
  onType(at: Point | null): void;
  after?: React.ReactNode;
}) {
  const t = useT(kitText);
  const common = useT(commonText);
  // A form that is switched off as a whole says so through antd's context.
  const { componentDisabled } = ConfigProvider.useConfig();
  const disabled = own ?? componentDisabled;
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState(at ? pointText(at) : '');
  const [bad, setBad] = useState(false);
  const shown = at ? pointText(at) : '';
  useEffect(() => {
    setDraft(shown);
    setBad(false);
  }, [shown]);

  const commit = () => {
    if (!draft.trim()) {
      if (at) onType(null);
      setBad(false);
      return;
    }
    const parsed = parsePoint(draft);
    setBad(!parsed);
    if (parsed && draft !== shown) onType(parsed);
  };

  return (
    <div className="point-field">
      <div className="row" style={{ flexWrap: 'wrap' }}>
        <Input
          id={id}
          disabled={disabled}
          value={draft}
          status={bad ? 'error' : undefined}
          placeholder={t('point.placeholder')}
          style={{ width: 200 }}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onPressEnter={(event) => {
            event.preventDefault();
            commit();
          }}
        />
        {after}
        {disabled ? null : (
          <button type="button" className="btn" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name="visit" size={15} />{open ? t('point.closeMap') : t('point.openMap')}
          </button>
        )}
        {at && !disabled ? (
          <button type="button" className="icb" aria-label={common('remove')} title={common('remove')} onClick={() => onPick(null)}>
            <Icon name="close" size={15} />
          </button>
        ) : null}
      </div>
      {bad ? <p className="fg-problem s12" role="alert">{t('point.bad')}</p> : null}
      {open ? (
        <>
          <div className="point-map">
            <Suspense>
              <PointMap at={mapped ? at : null} radiusM={radiusM} onPick={onPick} />
            </Suspense>
          </div>
          <p className="m3 s12">{t('point.mapHint')}</p>
        </>
      ) : null}
    </div>
  );
}
