import { Button, Group, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog/dialog.tsx'
import type { Scope } from './calendar.ts'

/** For which times of a series something is meant. */
export interface ScopeQuestion {
  readonly title: string
  /** What the button does. */
  readonly act: string
  readonly isDangerous?: boolean
  /** What makes no sense here. */
  readonly without?: readonly Scope[]
  readonly chosen: (scope: Scope) => void
  readonly dropped: () => void
}

const scopes: readonly Scope[] = ['this', 'following', 'all']

/** Asks whether this one, those from here on or all of a series are meant. */
function ScopeDialog({ question }: { readonly question: ScopeQuestion }) {
  const { t } = useTranslation('calendar')
  const { title, act, isDangerous = false, without = [], chosen, dropped } = question
  const offered = scopes.filter((one) => !without.includes(one))
  const [scope, setScope] = useState<Scope>(offered[0] ?? 'all')
  return (
    <Dialog onClose={dropped} title={title} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          chosen(scope)
        }}
      >
        <Stack>
          <Radio.Group value={scope} onChange={(value) => setScope(value as Scope)} label={t('scope.label')}>
            <Stack gap="xs" mt="xs">
              {offered.map((one, index) => (
                <Radio
                  key={one}
                  value={one}
                  label={t(`scope.${one}`)}
                  data-autofocus={index === 0 || undefined}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={dropped}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" {...(isDangerous && { color: 'red.9' })}>
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

/** Asks where there is something to ask: what is no series is all of itself. */
export function useScope() {
  const [question, setQuestion] = useState<ScopeQuestion>()
  const ask = (isSeries: boolean, what: Omit<ScopeQuestion, 'dropped'>, dropped = (): void => {}): void => {
    if (!isSeries) {
      what.chosen('all')
      return
    }
    const after = (act: () => void): void => {
      setQuestion(undefined)
      act()
    }
    setQuestion({
      ...what,
      chosen: (scope) => after(() => what.chosen(scope)),
      dropped: () => after(dropped),
    })
  }
  return { ask, dialog: question && <ScopeDialog question={question} /> }
}
