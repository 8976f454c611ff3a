import { commonText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useShortcuts } from './shortcuts';
import { kitText } from './text';

/** Search field of a bar; `/` focuses it, the address follows 250 ms after the last key. */
export function SearchField({ value, onChange, placeholder, width = 240 }: {
  value: string | undefined;
  onChange(next: string | undefined): void;
  placeholder: string;
  width?: number;
}) {
  const t = useT(kitText);
  const common = useT(commonText);
  const [draft, setDraft] = useState(value ?? '');
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  const sent = useRef(value ?? '');

  useEffect(() => {
    // A change from outside (saved view, back button) replaces the draft; our own echo does not.
    if ((value ?? '') !== sent.current) {
      sent.current = value ?? '';
      setDraft(value ?? '');
    }
  }, [value]);
  useEffect(() => {
    if (draft === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = draft;
      latest.current(draft || undefined);
    }, 250);
    return () => clearTimeout(timer);
  }, [draft]);
  useShortcuts([{ keys: '/', label: t('table.find'), run: () => input.current?.focus() }]);

  return (
    <span className="field-search" style={{ width }}>
      <Icon name="search" size={15} />
      <input
        ref={input}
        type="search"
        aria-label={placeholder}
        placeholder={placeholder}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            if (draft) setDraft('');
            else input.current?.blur();
          }
        }}
      />
      {draft ? (
        <button type="button" className="icb tiny" aria-label={common('remove')} onClick={() => setDraft('')}>
          <Icon name="close" size={13} />
        </button>
      ) : (
        <span className="kbd" aria-hidden="true">/</span>
      )}
    </span>
  );
}

export interface FilterOption {
  value: string;
  label: string;
}

/** One condition of a bar: its name and the chosen value in one control. Several values are joined by commas. */
export function FilterSelect({ label, value, options, onChange, multiple, loading, onSearch, width }: {
  label: string;
  value: string | undefined;
  options: readonly FilterOption[];
  onChange(next: string | undefined): void;
  multiple?: boolean;
  loading?: boolean;
  /** Given: the options come from the server for each text. */
  onSearch?(text: string): void;
  width?: number;
}) {
  const t = useT(kitText);
  const values = value ? value.split(',') : [];
  return (
    <Select<string | string[]>
      className="filter-select"
      prefix={<span className="m3">{label}</span>}
      aria-label={label}
      mode={multiple ? 'multiple' : undefined}
      maxTagCount="responsive"
      value={multiple ? values : value}
      placeholder={t('filter.any')}
      allowClear
      showSearch={onSearch ? { filterOption: false, onSearch } : { optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      loading={loading}
      options={[...options]}
      style={{ minWidth: width ?? 132 }}
      onChange={(next) => onChange(Array.isArray(next) ? next.join(',') || undefined : next || undefined)}
    />
  );
}
