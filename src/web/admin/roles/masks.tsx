import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readHiding } from '../../sharing/hiding.ts'
import { useHidingText } from '../../sharing/hiding-field.tsx'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { useReport } from '../admin.ts'
import { EditButton } from '../more.tsx'
import { MaskDialog } from './mask-dialog.tsx'
import type { Mask, MaskList } from './roles.ts'

/** What roles, accounts and groups do not see of contacts in books of others, each under a name. */
export function Masks() {
  const { t } = useTranslation('admin')
  const { data, error, isPending, refetch } = useReport<MaskList>('/masks')
  const [edited, setEdited] = useState<string>()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={3} size="h4">
          {t('masks.title')}
        </Title>
        <Button leftSection={<IconPlus size={18} />} onClick={() => setEdited('')}>
          {t('masks.add')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('masks.why')}
      </Text>
      {data.masks.length === 0 && <Empty text={t('none.masks')} />}
      {data.masks.map((mask) => (
        <MaskCard key={mask.name} mask={mask} onEdit={() => setEdited(mask.name)} />
      ))}
      {edited !== undefined && (
        <MaskDialog key={edited} name={edited} onClose={() => setEdited(undefined)} onMade={setEdited} />
      )}
    </Stack>
  )
}

function MaskCard({ mask, onEdit }: { readonly mask: Mask; readonly onEdit: () => void }) {
  const { t, i18n } = useTranslation('admin')
  const textOf = useHidingText()
  const { name, hide, only, books = [], holders } = mask
  const textOfHolder = ({ displayName, kind }: Mask['holders'][number]): string =>
    t('masks.holder', { name: displayName, kind: t(`people.kinds.${kind}`) })
  const hiding = readHiding([{ hide, ...(only && { only }) }])
  return (
    <Paper withBorder p="md" component="section">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Stack gap={4} miw={0}>
          <Title order={4} size="h5">
            {name}
          </Title>
          <Text size="sm">{t('masks.whoHasIt', { what: textOf(hiding) })}</Text>
          {books.length > 0 && <Text size="sm">{t('masks.inBooks', { count: books.length })}</Text>}
          {holders.length > 0 && (
            <Text size="sm" c="dimmed">
              {t('roles.heldBy', {
                names: new Intl.ListFormat(i18n.language).format(holders.map(textOfHolder)),
              })}
            </Text>
          )}
        </Stack>
        <EditButton name={name} onEdit={onEdit} />
      </Group>
    </Paper>
  )
}
