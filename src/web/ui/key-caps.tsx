import { Kbd } from '@mantine/core'

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)
const written: Readonly<Record<string, string>> = {
  mod: isApple ? '⌘' : 'Ctrl',
  Escape: 'Esc',
  ArrowDown: '↓',
  ArrowUp: '↑',
}

/** A key as it stands on the keyboard. */
export function Keys({ of }: { readonly of: string }) {
  return of.split('+').map((key) => (
    <Kbd key={key} size="xs" ms={4}>
      {written[key] ?? key.toUpperCase()}
    </Kbd>
  ))
}
