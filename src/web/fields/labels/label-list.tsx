import { ActionIcon, Anchor, ColorSwatch, Group, Stack, Text } from '@mantine/core'
import { IconHistory, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { ThingHistory } from '../../things/lazy.tsx'
import { openForm } from '../../ui/dialog/forms.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { DefinedList } from '../defined-list.tsx'
import { LabelDialog } from './label-dialog.tsx'
import { type Label, pathOf, useLabelDrop, useLabelPages } from './labels.ts'

/** The labels that there are, with how many have each. */
export function LabelList() {
  const { t } = useTranslation('fields')
  const pages = useLabelPages()
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const labels = data.pages.flatMap(({ items }) => items)
  const edit = (label?: Label): void =>
    openForm((close) => <LabelDialog label={label} all={labels} onClose={close} />)
  return (
    <DefinedList
      isEmpty={labels.length === 0}
      none={t('noLabels')}
      why={t('labelsWhy')}
      add={t('newLabel')}
      onAdd={() => edit()}
    >
      <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('tabs.labels')}>
        {labels.map((label) => (
          <Row key={label.name} label={label} onEdit={() => edit(label)} />
        ))}
      </Stack>
      <MoreButton pages={pages}>{t('more')}</MoreButton>
    </DefinedList>
  )
}

function Row({ label, onEdit }: { readonly label: Label; readonly onEdit: () => void }) {
  const { t } = useTranslation('fields')
  const { make: drop } = useLabelDrop()
  const [isTold, setIsTold] = useState(false)
  const { name, color, count } = label
  return (
    <Group component="li" className="ruled" wrap="nowrap" py={6} gap="sm">
      <ColorSwatch
        color={color ?? 'var(--mantine-color-dimmed)'}
        size={14}
        withShadow={false}
        style={{ flexShrink: 0 }}
      />
      <Text size="sm" fw={600} style={{ flex: 1, minInlineSize: 0, overflowWrap: 'anywhere' }}>
        {name}
      </Text>
      {count === 0 ? (
        <Text size="sm" c="dimmed">
          {t('nobody')}
        </Text>
      ) : (
        <Anchor
          component={Link}
          href={`/contacts?${new URLSearchParams({ label: name })}`}
          size="sm"
          style={{ whiteSpace: 'nowrap' }}
        >
          {t('people', { count })}
        </Anchor>
      )}
      <Group gap={2} wrap="nowrap">
        <ActionIcon variant="subtle" color="gray" aria-label={t('editOf', { name })} onClick={onEdit}>
          <IconPencil size={16} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('historyOf', { name })}
          onClick={() => setIsTold(true)}
        >
          <IconHistory size={16} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('dropOf', { name })}
          onClick={() => drop(label)}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      {isTold && (
        <ThingHistory thing={{ kind: 'label', path: pathOf(name), name }} onClose={() => setIsTold(false)} />
      )}
    </Group>
  )
}
