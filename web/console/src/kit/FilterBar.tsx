import { commonText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useFilterWord } from './filterWords';
import { Popover } from './Popover';
import { useShortcuts } from './shortcuts';
import { kitText } from './text';

/** Search field of a bar; `/` focuses it, the address follows 250 ms after the last key. */
export function SearchField({ value, onChange, placeholder, width = 240, plain }: {
  value: string | undefined;
  onChange(next: string | undefined): void;
  placeholder: string;
  width?: number;
  /** A further field of the page, without the `/` key. */
  plain?: boolean;
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
  useFilterWord(placeholder, value);
  useShortcuts(plain ? [] : [{ keys: '/', label: t('table.find'), run: () => input.current?.focus() }]);

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
      ) : plain ? null : (
        <span className="kbd" aria-hidden="true">/</span>
      )}
    </span>
  );
}

export interface FilterOption {
  value: string;
  label: string;
  /** Level in a tree; the list is indented by it, the chosen value is not. */
  depth?: number;
}

/** Draws an option of a tree for antd's `optionRender`. */
export function indented(option: { label?: ReactNode; data?: unknown }): ReactNode {
  const depth = (option.data as FilterOption | undefined)?.depth ?? 0;
  return <span style={{ paddingLeft: depth * 16 }}>{option.label}</span>;
}

/** Rarely used conditions behind one button, which shows how many are set. */
export function FilterMore({ active, children }: { active: number; children: ReactNode }) {
  const t = useT(kitText);
  return (
    <Popover
      label={t('filter.more')}
      className={active ? 'btn dashed on' : 'btn dashed'}
      trigger={<><Icon name="plus" size={14} />{active ? t('filter.moreActive', { count: active }) : t('filter.more')}</>}
    >
      {() => <div className="filter-more">{children}</div>}
    </Popover>
  );
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
  useFilterWord(label, values.map((one) => options.find((option) => option.value === one)?.label ?? one).join(', '));
  return (
    <Select<string | string[]>
      className="filter-select"
      prefix={<span className="m3">{label}</span>}
      aria-label={label}
      mode={multiple ? 'multiple' : undefined}
      maxTagCount={1}
      maxTagPlaceholder={(more) => `+${more.length}`}
      value={multiple ? values : value}
      placeholder={t('filter.any')}
      allowClear
      showSearch={onSearch ? { filterOption: false, onSearch } : { optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      loading={loading}
      optionRender={indented}
      options={[...options]}
      style={{ minWidth: width ?? 132 }}
      onChange={(next) => onChange(Array.isArray(next) ? next.join(',') || undefined : next || undefined)}
    />
  );
}
