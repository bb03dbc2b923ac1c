import { Badge, Group, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { signInPage } from '../../../features/sessions/schema.ts'
import { usePages } from '../../client/pages.ts'
import { useDates } from '../../ui/dates.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { signInText } from '../agents.ts'

type SignIn = z.infer<typeof signInPage>['items'][number]

/** Who has signed in to the account from where, and who was refused. */
export function SignIns() {
  const { t } = useTranslation('account')
  const pages = usePages<z.infer<typeof signInPage>>(['sign-ins'], '/account/sign-ins', { limit: '20' })
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items)
  return (
    <Stack gap="sm">
      <Title order={3} size="h4">
        {t('signIns.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('signIns.why')}
      </Text>
      {items.length === 0 && <Empty text={t('signIns.none')} />}
      <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
        {items.map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </Stack>
      <MoreButton pages={pages} w="fit-content">
        {t('signIns.more')}
      </MoreButton>
    </Stack>
  )
}

function Row({ item }: { readonly item: SignIn }) {
  const { t } = useTranslation('account')
  const { time } = useDates()
  const { way, outcome, device, address, agent, count, lastAt } = item
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py="xs" className="ruled">
      <div>
        <Text size="sm">{device ?? t(`signIns.ways.${way}`)}</Text>
        <Text size="sm" c="dimmed" title={agent}>
          {signInText(time(lastAt), address, agent)}
          {count > 1 && ` · ${t('signIns.times', { count })}`}
        </Text>
      </div>
      {outcome === 'refused' && (
        <Badge color="red.9" variant="filled" tt="none" miw="fit-content">
          {t('signIns.refused')}
        </Badge>
      )}
    </Group>
  )
}
