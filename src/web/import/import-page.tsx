import { Box, Stack, Tabs, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'wouter'
import { intoSight, TabList } from '../ui/tabs/tab-list.tsx'
import { useTitle } from '../ui/title/title.ts'
import { ExportView } from './export-view.tsx'
import { ImportView } from './import-view.tsx'
import { MoveView } from './move/move-view.tsx'
import { SendView } from './send-view.tsx'

const tabs = ['file', 'move', 'export'] as const

/** Bringing in what was elsewhere, and taking along what is here. */
export function ImportPage() {
  const { t } = useTranslation('import')
  const { what } = useParams<{ what?: string }>()
  const [, go] = useLocation()
  const id = what !== undefined && /^\d+$/.test(what) ? Number(what) : undefined
  // What is opened from here comes in place of what had the keyboard.
  const [first] = useState(id)
  const tab = what === 'move' || what === 'export' ? what : 'file'
  useTitle(t(`tabs.${tab}`))
  return (
    <Stack p={{ base: 'md', sm: 'lg' }} maw={960} gap="md">
      <Title order={2}>{t('title')}</Title>
      <Tabs
        value={tab}
        onChange={(value) => go(value === 'file' || value === null ? '/import' : `/import/${value}`)}
        keepMounted={false}
      >
        <Box mb="md">
          <TabList label={t('title')}>
            {tabs.map((name) => (
              <Tabs.Tab key={name} value={name} ref={name === tab ? intoSight : undefined}>
                {t(`tabs.${name}`)}
              </Tabs.Tab>
            ))}
          </TabList>
        </Box>
        <Tabs.Panel value="file">
          {id === undefined ? <SendView /> : <ImportView key={id} id={id} isNext={id !== first} />}
        </Tabs.Panel>
        <Tabs.Panel value="move">
          <MoveView />
        </Tabs.Panel>
        <Tabs.Panel value="export">
          <ExportView />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
