import { Code, Image, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loading } from '../../ui/states.tsx'
import type { FileEntry } from '../files.ts'

/** Octets of a text that is shown at most. */
const longestText = 100_000

/** What is in a file, as far as a browser shows it without running anything. */
export function Preview({ file }: { readonly file: FileEntry }) {
  const { t } = useTranslation('files')
  const { id, name, type, size, hasPreview, contentEtag } = file
  const of = encodeURIComponent(contentEtag ?? '')
  if (hasPreview)
    return (
      <Image
        src={`/api/files/${id}/preview?size=1280&of=${of}`}
        alt={name}
        mah="60vh"
        fit="contain"
        radius="sm"
      />
    )
  if (type === 'application/pdf')
    return (
      <iframe
        src={`/api/files/${id}/content?of=${of}`}
        title={name}
        style={{ inlineSize: '100%', blockSize: '60vh', border: 0 }}
      />
    )
  if (type?.startsWith('text/') && size <= longestText) return <TextPreview id={id} of={of} />
  return (
    <Text size="sm" c="dimmed">
      {t('noPreview')}
    </Text>
  )
}

function TextPreview({ id, of }: { readonly id: number; readonly of: string }) {
  const { t } = useTranslation('files')
  const { data, isPending } = useQuery({
    queryKey: ['files', 'text', id, of],
    queryFn: async ({ signal }) => {
      const answer = await fetch(`/api/files/${id}/content`, { signal, credentials: 'same-origin' })
      return answer.ok ? answer.text() : ''
    },
  })
  if (isPending) return <Loading />
  return (
    <Code block mah="60vh" tabIndex={0} role="region" aria-label={t('content')} style={{ overflow: 'auto' }}>
      {data}
    </Code>
  )
}
