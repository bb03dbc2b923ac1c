import { Avatar } from '@mantine/core'

/** On the darkest shade of each, white has 5 : 1 and more. */
const colors = ['pine', 'grape', 'violet', 'indigo', 'blue', 'red', 'pink', 'cyan', 'teal'] as const

/** The picture of somebody: the initials, in a colour that stays the same. The name stands beside it. */
export function Face({ name, size }: { readonly name: string; readonly size: number }) {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521
  const color = colors[sum % colors.length] ?? colors[0]
  const initials = {
    root: { background: `var(--mantine-color-${color}-9)` },
    placeholder: { color: 'white' },
  }
  return <Avatar name={name} size={size} styles={initials} variant="filled" aria-hidden />
}
