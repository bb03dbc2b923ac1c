import { Box, Flex } from '@mantine/core'

import { useTranslation } from 'react-i18next'
import { useParams } from 'wouter'
import { useIsNarrow } from '../ui/navigation.tsx'
import { Empty } from '../ui/states.tsx'
import { PartyList } from './party-list.tsx'
import { PartyView } from './party-view.tsx'

/** The list, and whom is chosen in it; on a phone one of both. */
export function ContactsPage() {
  const { t } = useTranslation('contacts')
  const { id } = useParams<{ id?: string }>()
  const isNarrow = useIsNarrow()
  const chosen = id === undefined ? undefined : Number(id)
  if (isNarrow) return chosen === undefined ? <PartyList /> : <PartyView id={chosen} />
  return (
    <Flex className="full">
      <Box w={340} style={{ borderInlineEnd: '1px solid var(--mantine-color-default-border)' }}>
        <PartyList chosen={chosen} />
      </Box>
      <Box flex={1} style={{ overflow: 'auto' }}>
        {chosen === undefined ? <Empty text={t('choose')} /> : <PartyView id={chosen} />}
      </Box>
    </Flex>
  )
}
