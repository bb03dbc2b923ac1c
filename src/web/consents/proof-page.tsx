import { Alert, Button, Code, Group, Stack, Text, Title } from '@mantine/core'
import { IconDownload, IconShieldCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'wouter'
import { useDates } from '../ui/dates.ts'
import { Failed, Loading } from '../ui/states.tsx'
import { type Proof, useProof } from './proof.ts'

/** What shows that somebody was erased; nothing of it says who it was. */
export function ProofPage() {
  const { t } = useTranslation('consents')
  const { id = '' } = useParams<{ id?: string }>()
  const { data, error, isPending, refetch } = useProof(id)
  return (
    <Stack p={{ base: 'md', sm: 'lg' }} maw={760}>
      <Title order={2}>{t('proof')}</Title>
      {isPending && <Loading />}
      {error && <Failed error={error} again={() => void refetch()} />}
      {data && <Proven proof={data} />}
    </Stack>
  )
}

function Proven({ proof }: { readonly proof: Proof }) {
  const { t } = useTranslation('consents')
  const { time } = useDates()
  const file = `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(proof, null, 2))}`
  return (
    <>
      <Alert variant="default" icon={<IconShieldCheck />} role="status">
        {t('proven', { when: time(proof.at) })}
      </Alert>
      <Text size="sm">{t('proofWhy')}</Text>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {`${proof.id}\n${proof.signature}`}
      </Code>
      <Group>
        <Button
          component="a"
          href={file}
          download={`erasure-${proof.id}.json`}
          leftSection={<IconDownload size={16} />}
        >
          {t('proofFile')}
        </Button>
        <Button component={Link} href="/contacts" variant="default">
          {t('toContacts')}
        </Button>
      </Group>
    </>
  )
}
