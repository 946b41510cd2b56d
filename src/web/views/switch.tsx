type SwitchProps = {
  label: string;
  checked: boolean;
  /** Shown when the pointer rests on it. */
  title?: string;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
};

/** Something that is on or off. @param props What it is called, how it stands, and who is told of a change. */
export function Switch(props: SwitchProps) {
  const { label, checked, title, disabled = false, onChange } = props;
  return (
    <label class="switch" title={title}>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        aria-checked={checked}
        disabled={disabled}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
