import { Anchor, Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useDates } from '../ui/dates.ts'
import { MoreButton, useInSteps } from '../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { everyText } from './every.ts'
import { type Cadence, useCadences, useTouched } from './touch.ts'

/** Whom one wants to keep in touch with: who is due, and who comes next. */
export function TouchPage() {
  const { t } = useTranslation('touch')
  const { data, error, isPending, refetch } = useCadences()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const due = data.filter(({ isDue }) => isDue)
  const later = data.filter(({ isDue }) => !isDue)
  return (
    <Stack p={{ base: 'md', sm: 'lg' }} maw={760} gap="lg">
      <Title order={2}>{t('title')}</Title>
      {data.length === 0 && (
        <Empty text={t('none')}>
          <Button component={Link} href="/contacts" variant="default">
            {t('toContacts')}
          </Button>
        </Empty>
      )}
      {data.length > 0 && due.length === 0 && <Text c="dimmed">{t('nobodyDue')}</Text>}
      <Rows title={t('dueOnes')} cadences={due} />
      <Rows title={t('later')} cadences={later} />
    </Stack>
  )
}

function Rows({ title, cadences }: { readonly title: string; readonly cadences: readonly Cadence[] }) {
  const { t } = useTranslation()
  const { shown, pages } = useInSteps(cadences)
  if (cadences.length === 0) return null
  return (
    <section aria-label={title}>
      <Title order={3} size="h5">
        {title}
      </Title>
      <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }}>
        {shown.map((cadence) => (
          <Row key={cadence.party} cadence={cadence} />
        ))}
      </Stack>
      <MoreButton pages={pages}>{t('states.more')}</MoreButton>
    </section>
  )
}

function Row({ cadence }: { readonly cadence: Cadence }) {
  const { t } = useTranslation('touch')
  const { day, relative } = useDates()
  const { make, isBusy } = useTouched()
  const { party, name, everyDays, lastAt, dueAt, isDue } = cadence
  const parts = [
    everyText(everyDays, t),
    lastAt === null ? t('noneYet') : t('last', { when: relative(lastAt), day: day(lastAt) }),
  ]
  return (
    <Group component="li" className="ruled" wrap="nowrap" py={8}>
      <div style={{ flex: 1, minInlineSize: 0 }}>
        {name === '' ? (
          <Text size="sm" c="dimmed">
            {t('unseen')}
          </Text>
        ) : (
          <Anchor component={Link} href={`/contacts/${party}`} size="sm" fw={600}>
            {name}
          </Anchor>
        )}
        <Text size="xs" c="dimmed">
          {parts.join(' · ')}
        </Text>
      </div>
      <Badge size="sm" variant="default">
        {relative(dueAt)}
      </Badge>
      {isDue && name !== '' && (
        <Button
          size="xs"
          variant="default"
          loading={isBusy}
          aria-label={t('touchOf', { name })}
          onClick={() => make({ party, name })}
        >
          {t('touch')}
        </Button>
      )}
    </Group>
  )
}
