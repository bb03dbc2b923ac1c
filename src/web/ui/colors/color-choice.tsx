import { ColorInput } from '@mantine/core'

/** Told apart by most people, also by those who see few colours. */
export const swatches = [
  ...['#2f6f5e', '#3478f6', '#8e44ad', '#c0392b'],
  ...['#d35400', '#b7950b', '#16a085', '#5d6d7e'],
] as const

interface ColorChoiceProps {
  readonly label: string
  /** Empty for none. */
  readonly color: string
  readonly onChange: (color: string) => void
}

/** A colour, one of some or as it is written. */
export function ColorChoice({ label, color, onChange }: ColorChoiceProps) {
  return (
    <ColorInput
      label={label}
      value={color}
      format="hex"
      swatches={[...swatches]}
      withPicker={false}
      withEyeDropper={false}
      onChange={onChange}
    />
  )
}
