import type { BoardOwners } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { Popover } from '../../kit/Popover';
import { useStored } from '../../kit/stored';
import { boardText } from './text';

export const GOALS = ['distance', 'time', 'balanced'] as const;
export type Goal = (typeof GOALS)[number];
const OWNERS = ['prefer', 'only', 'any'] as const satisfies readonly BoardOwners[];

/** What optimising saves and who goes, kept in this browser for the day and the week alike. */
export function useRules() {
  const [goal, setGoal] = useStored<Goal>('tashi.board.goal', 'distance');
  const [owners, setOwners] = useStored<BoardOwners>('tashi.board.owners', 'prefer');
  return { goal, setGoal, owners, setOwners };
}

/** The rules behind a gear. */
export function RulesButton({ goal, setGoal, owners, setOwners }: ReturnType<typeof useRules>) {
  const t = useT(boardText);
  return (
    <Popover label={t('rules')} className="icb line" trigger={<Icon name="gear" />}>
      {() => (
        <>
          <Choice label={t('goal')} name="goal" options={GOALS} value={goal} words={(one) => t(`goal.${one}`)} onChange={setGoal} />
          <Choice label={t('owners')} name="owners" options={OWNERS} value={owners} words={(one) => t(`owners.${one}`)} onChange={setOwners} />
        </>
      )}
    </Popover>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  name: string;
  options: readonly T[];
  value: T;
  words(one: T): string;
  onChange(one: T): void;
}

/** One of a few, all of them in sight. */
function Choice<T extends string>({ label, name, options, value, words, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className="brules">
      <legend>{label}</legend>
      {options.map((one) => (
        <label key={one}><input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} />{words(one)}</label>
      ))}
    </fieldset>
  );
}
