import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useMemo } from 'react';
import { namedList } from './NamedList';
import { useActiveEmployees } from './refs';
import { kitText } from './text';

/** Every skill somebody has, in order; the company's own words. */
export function useKnownSkills(): string[] {
  const employees = useActiveEmployees();
  return useMemo(() => [...new Set(employees.data?.flatMap((one) => one.skills) ?? [])].sort((a, b) => a.localeCompare(b)), [employees.data]);
}

/** A list of skills: known words to choose from, new ones typed. Usable as a form field. */
export function SkillsField({ value, onChange, label, placeholder, disabled, id }: {
  value?: string[];
  onChange?(next: string[]): void;
  label: string;
  placeholder?: string;
  disabled?: boolean;
  id?: string;
}) {
  const known = useKnownSkills();
  return (
    <Select
      id={id}
      mode="tags"
      popupRender={namedList(label)}
      aria-label={label}
      value={value}
      disabled={disabled}
      placeholder={placeholder}
      options={known.map((word) => ({ value: word, label: word }))}
      maxCount={20}
      tokenSeparators={[',', '，', '、', ';', '；']}
      onChange={(next: string[]) => onChange?.([...new Set(next.map((word) => word.trim()).filter(Boolean))])}
    />
  );
}

/** Skills as they are shown everywhere: one chip each. `lacking` are drawn as what is missing. */
export function SkillChips({ skills, lacking }: { skills: readonly string[]; lacking?: ReadonlySet<string> }) {
  const t = useT(kitText);
  return (
    <span className="skill-chips" role="list" aria-label={t('skills')}>
      {skills.map((word) => (
        <span key={word} role="listitem" className={lacking?.has(word) ? 'tag skill lacking' : 'tag skill'} title={lacking?.has(word) ? t('skills.lacking', { skill: word }) : undefined}>
          <Icon name={lacking?.has(word) ? 'warn' : 'shield'} size={11} weight={2} />{word}
        </span>
      ))}
    </span>
  );
}
