import { UnstyledButton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import type { PeopleIndex } from './people.ts'

/** The smallest that a finger meets. @see WCAG 2.2, 2.5.8 */
const targetHeight = 24

interface LetterBarProps {
  readonly letters: PeopleIndex['letters']
  /** The first row that is seen. */
  readonly position: number
  readonly onJump: (position: number) => void
}

/**
 * The letters that names begin with, as many as there is room for: the most frequent. It is for the hand; the keyboard has
 * Home, End and the search.
 */
export function LetterBar({ letters, position, onJump }: LetterBarProps) {
  const { ref, height } = useElementSize()
  const room = Math.max(1, Math.floor(height / targetHeight))
  const frequent = new Set(letters.toSorted((one, other) => other.count - one.count).slice(0, room))
  const shown = letters.filter((one) => one.letter.trim() !== '' && frequent.has(one))
  const here = shown.findLast(({ start }) => start <= position)
  if (letters.length < 2) return null
  return (
    <div ref={ref} className="letter-bar" aria-hidden>
      {shown.map(({ letter, start }) => (
        <UnstyledButton
          key={letter}
          tabIndex={-1}
          data-here={here?.letter === letter || undefined}
          onClick={() => onJump(start)}
        >
          {letter.toLocaleUpperCase()}
        </UnstyledButton>
      ))}
    </div>
  )
}
