import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ExportMenu } from '../contacts/bulk/export-menu.tsx'
import { useSmartLists } from '../contacts/list/sides.ts'
import { FailedPart, Loading, Part } from '../ui/states.tsx'
import { useOwnPlaces } from './imports.ts'

const bookFormats = [
  ['vcf3', 'format=vcf&version=3.0'],
  ['vcf4', 'format=vcf&version=4.0'],
  ['csv', 'format=csv'],
  ['jscontact', 'format=jscontact'],
] as const
const calendarFormats = [
  ['ics', 'format=ics'],
  ['jcal', 'format=jcal'],
] as const

/** Taking along what is here: all of it, or one address book or calendar as a file. */
export function ExportView() {
  const { t } = useTranslation('import')
  const { books, calendars, isPending, asked } = useOwnPlaces()
  if (isPending) return <Loading />
  return (
    <Stack gap="xl">
      <FailedPart of={asked} />
      <Stack gap="xs">
        <Title order={3} size="h5">
          {t('everything')}
        </Title>
        <Text size="sm">{t('everythingWhy')}</Text>
        <Group gap="xs">
          <Download href="/api/export" text={t('zip')} />
          <Download href="/api/export?history=1" text={t('zipHistory')} />
        </Group>
      </Stack>
      {[
        { title: t('books'), places: books, formats: bookFormats },
        { title: t('calendars'), places: calendars, formats: calendarFormats },
      ].map(({ title, places, formats }) => (
        <Stack key={title} gap="md">
          <Title order={3} size="h5">
            {title}
          </Title>
          {places.map((place) => (
            <Group key={place.id} justify="space-between">
              <Text>{place.title}</Text>
              <Group gap="xs">
                {formats.map(([format, query]) => (
                  <Download
                    key={format}
                    href={`/api/collections/${encodeURIComponent(place.name)}/export?${query}`}
                    text={t(`formats.${format}`)}
                  />
                ))}
              </Group>
            </Group>
          ))}
        </Stack>
      ))}
      <Lists />
    </Stack>
  )
}

/** People of lists that were saved. */
function Lists() {
  const { t } = useTranslation('import')
  const lists = useSmartLists()
  return (
    <Part of={lists}>
      {(saved) =>
        saved.length > 0 && (
          <Stack gap="md">
            <Title order={3} size="h5">
              {t('lists')}
            </Title>
            {saved.map(({ id, name }) => (
              <Group key={id} justify="space-between">
                <Text>{name}</Text>
                <ExportMenu chosen={{ list: id, except: [] }} />
              </Group>
            ))}
          </Stack>
        )
      }
    </Part>
  )
}

function Download({ href, text }: { readonly href: string; readonly text: string }) {
  return (
    <Button
      component="a"
      href={href}
      download
      size="compact-sm"
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {text}
    </Button>
  )
}
