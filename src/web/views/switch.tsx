type SwitchProps = {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
};

/** Something that is on or off. @param props What it is called, how it stands, and who is told of a change. */
export function Switch(props: SwitchProps) {
  const { label, checked, disabled = false, onChange } = props;
  return (
    <label class="switch">
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

type SettingProps = { label: string; setting: { value: boolean }; disabled?: boolean };

/** A setting that is on or off. @param props What it is called, what it sets, and whether it stays as it is. */
export function Setting(props: SettingProps) {
  const { label, setting, disabled } = props;
  const set = (checked: boolean) => {
    setting.value = checked;
  };
  return <Switch label={label} checked={setting.value} disabled={disabled} onChange={set} />;
}
