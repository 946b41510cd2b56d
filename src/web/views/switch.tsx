type SwitchProps = {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
};

/** Something that is on or off. @param props.label Its name. @param props.checked How it stands. @param props.disabled Whether it stays so. Default: false. @param props.onChange Told of a change. */
export function Switch({ label, checked, disabled = false, onChange }: SwitchProps) {
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

/** A setting that is on or off. @param props.label Its name. @param props.setting What it sets. @param props.disabled Whether it stays as it is. Default: false. */
export function Setting({ label, setting, disabled }: SettingProps) {
  const set = (checked: boolean) => {
    setting.value = checked;
  };
  return <Switch label={label} checked={setting.value} disabled={disabled} onChange={set} />;
}
