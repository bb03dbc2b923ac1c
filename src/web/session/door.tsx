import { Center, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePartTitle } from '../ui/title/title.ts'

/** What is seen before somebody is signed in: one thing to do. */
export function Door({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const { t } = useTranslation()
  usePartTitle(title)
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <Stack>
          <Text fw={700} c="dimmed">
            {t('app.name')}
          </Text>
          <Title order={1} size="h2">
            {title}
          </Title>
          {children}
        </Stack>
      </Paper>
    </Center>
  )
}
