import { Code, Image, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../client/api.ts'
import { Failed, Loading, NotLoaded } from '../../ui/states.tsx'
import type { FileEntry } from '../files.ts'

/** Octets of a text that is shown at most. */
const longestText = 100_000

/** What of a file it takes to show it. */
export type Previewed = Pick<
  FileEntry,
  'id' | 'name' | 'type' | 'size' | 'hasPreview' | 'contentEtag' | 'kind'
>

/** Whether a browser shows something of a file. */
export function isShowable({ hasPreview, type, size, kind }: Previewed): boolean {
  if (kind !== 'file') return false
  return (
    hasPreview || type === 'application/pdf' || (type?.startsWith('text/') === true && size <= longestText)
  )
}

/** What is in a file, as far as a browser shows it without running anything; on pages of people as well. */
export function Preview({ file }: { readonly file: Previewed }) {
  return (
    <Suspense fallback={<Loading />}>
      <Shown file={file} />
    </Suspense>
  )
}

function Shown({ file }: { readonly file: Previewed }) {
  const { t } = useTranslation('files')
  const { id, name, type, hasPreview, contentEtag } = file
  const of = encodeURIComponent(contentEtag ?? '')
  if (!isShowable(file))
    return (
      <Text size="sm" c="dimmed">
        {t('noPreview')}
      </Text>
    )
  if (hasPreview) return <Picture key={of} src={`/api/files/${id}/preview?size=1280&of=${of}`} name={name} />
  if (type !== 'application/pdf') return <TextPreview id={id} of={of} />
  return <Pdf src={`/api/files/${id}/content?of=${of}`} name={name} />
}

/** A frame does not say that it has failed: what it is to show is asked for first. */
function Pdf({ src, name }: { readonly src: string; readonly name: string }) {
  const { error, isPending, refetch } = useQuery({
    queryKey: ['files', 'pdf', src],
    queryFn: async ({ signal }) => {
      // One octet of it, and none that the frame would take for the whole.
      const asking = { headers: { Range: 'bytes=0-0' }, cache: 'no-store' } as const
      const answer = await fetch(src, { ...asking, signal, credentials: 'same-origin' })
      await answer.body?.cancel()
      if (!answer.ok) throw new ApiError(answer.status, {})
      return true
    },
  })
  if (isPending) return <Loading />
  if (error) return <NotLoaded again={() => void refetch()} />
  return <iframe src={src} title={name} style={{ inlineSize: '100%', blockSize: '60vh', border: 0 }} />
}

function Picture({ src, name }: { readonly src: string; readonly name: string }) {
  const [hasFailed, setHasFailed] = useState(false)
  if (hasFailed) return <NotLoaded again={() => setHasFailed(false)} />
  return (
    <Image src={src} alt={name} mah="60vh" fit="contain" radius="sm" onError={() => setHasFailed(true)} />
  )
}

function TextPreview({ id, of }: { readonly id: number; readonly of: string }) {
  const { t } = useTranslation('files')
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['files', 'text', id, of],
    queryFn: async ({ signal }) => {
      const answer = await fetch(`/api/files/${id}/content?of=${of}`, { signal, credentials: 'same-origin' })
      if (!answer.ok) throw new Error(`The text is answered with ${answer.status}.`)
      return answer.text()
    },
  })
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <Code block mah="60vh" tabIndex={0} role="region" aria-label={t('content')} style={{ overflow: 'auto' }}>
      {data}
    </Code>
  )
}
