import { Button, Group, Stack } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type KeptDraft, useKeepingAtEnd, useKeptDraft } from '../editing/kept-drafts.ts'
import { KeptNote } from '../editing/kept-note.tsx'

/** What a form of a fact begins with. */
interface Begin<W> {
  /** Names it among all others. */
  readonly of: string
  /** What was written before, and refused. */
  readonly typed: W | undefined
  readonly seen: W
}

/** What stands in the form of a fact; it is kept where another one takes its place. */
export function useFactDraft<W>({ of, typed, seen }: Begin<W>) {
  const { isKept, ...kept } = useKeptDraft<W>(of, seen)
  const [draft, setDraft] = useState<W>(typed ?? kept.start)
  useKeepingAtEnd(kept, draft)
  return {
    draft,
    set: (part: Partial<W>): void => setDraft({ ...draft, ...part }),
    kept: { isKept: isKept && typed === undefined, drop: kept.drop },
  }
}

interface FactFormProps {
  readonly label: string
  readonly isWhole: boolean
  readonly kept: Pick<KeptDraft<unknown>, 'isKept' | 'drop'>
  readonly onSave: () => void
  readonly onCancel: () => void
  readonly children: ReactNode
}

/** Something that is known of somebody, being written: its first field has the focus. */
export function FactForm({ label, isWhole, kept, onSave, onCancel, children }: FactFormProps) {
  const { t } = useTranslation('person')
  const cancel = (): void => kept.drop(onCancel)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input:not([type=hidden])')?.focus(), [])
  return (
    <li className="editor" style={{ listStyle: 'none' }}>
      <form
        ref={form}
        aria-label={label}
        onSubmit={(event) => {
          event.preventDefault()
          if (isWhole) kept.drop(onSave)
        }}
        onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && cancel()}
      >
        <Stack gap="xs">
          <KeptNote isKept={kept.isKept} />
          {children}
          <Group justify="flex-end" gap="xs">
            <Button size="xs" variant="default" onClick={cancel}>
              {t('app.cancel')}
            </Button>
            <Button size="xs" type="submit" disabled={!isWhole}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </li>
  )
}
