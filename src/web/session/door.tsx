import { Center, Paper, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** What is seen before somebody is signed in: one thing to do. */
export function Door({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <Stack>
          <Title order={1} size="h2">
            {title}
          </Title>
          {children}
        </Stack>
      </Paper>
    </Center>
  )
}
