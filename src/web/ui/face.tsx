import { Avatar } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'

/** On the darkest shade of each, white has 5 : 1 and more. */
const colors = ['pine', 'grape', 'violet', 'indigo', 'blue', 'red', 'pink', 'cyan', 'teal'] as const

interface FaceProps {
  readonly name: string
  readonly size: number
  /** Where the picture is. */
  readonly photo?: string | undefined
  readonly isCompany?: boolean
}

/** The picture of somebody, or the initials in a colour that stays the same. The name stands beside it. */
export function Face({ name, size, photo, isCompany = false }: FaceProps) {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521
  const color = colors[sum % colors.length] ?? colors[0]
  const styles = { placeholder: { background: `var(--mantine-color-${color}-9)`, color: 'white', border: 0 } }
  return (
    <Avatar
      {...{ size, styles }}
      {...(isCompany && { radius: 'md' })}
      src={photo ?? null}
      alt=""
      imageProps={{ loading: 'lazy' }}
      aria-hidden
    >
      {isCompany ? <IconBuilding size={size * 0.55} stroke={1.5} /> : initialsOf(name)}
    </Avatar>
  )
}

/** The first letters of the first word and the last; titles such as “Dr.” are no names. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  const names = words.filter((word) => !/^\p{L}{2,}\.$/u.test(word))
  const known = names.length > 0 ? names : words
  const ends = known.length > 1 ? [known[0], known.at(-1)] : known.slice(0, 1)
  return ends
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase()
}
