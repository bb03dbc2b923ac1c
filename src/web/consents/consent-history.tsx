import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDates } from '../ui/dates.ts'
import { Part } from '../ui/states.tsx'
import { states, useConsentHistory } from './consents.ts'
import { useConsentWords } from './words.ts'

/** What was said of consents before, and who wrote it down. */
export function ConsentHistory({ partyId }: { readonly partyId: number }) {
  const { t } = useTranslation('consents')
  const { time } = useDates()
  const { about } = useConsentWords()
  const [isOpen, setIsOpen] = useState(false)
  const history = useConsentHistory(partyId, isOpen)
  const textOf = ({ channel, purpose, state }: Readonly<Record<string, unknown>>): string => {
    const known = states.find((one) => one === state)
    const what = about({ channel: String(channel), purpose: String(purpose) })
    return `${what}: ${known ? t(`states.${known}`) : t('removed')}`
  }
  return (
    <div className="not-printed">
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        c="dimmed"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {t('history')}
      </Button>
      {isOpen && (
        <Part of={history}>
          {(entries) => (
            <Stack component="ul" gap={2} m={0} ps="md" aria-label={t('history')}>
              {entries.map(({ id, at, author, data: said }) => (
                <Text component="li" size="xs" key={id}>
                  {[time(at), textOf(said), author ?? ''].filter((part) => part !== '').join(' · ')}
                </Text>
              ))}
            </Stack>
          )}
        </Part>
      )}
    </div>
  )
}
