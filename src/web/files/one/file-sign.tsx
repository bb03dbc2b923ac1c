import { Image } from '@mantine/core'
import { IconFile, IconFileText, IconFileTypePdf, IconFolder, IconPhoto } from '@tabler/icons-react'
import { useState } from 'react'
import type { Previewed } from './preview.tsx'

/** A small picture of a file, or a sign of what kind it is. */
export function FileSign({
  file: { id, kind, type, hasPreview, contentEtag },
}: {
  readonly file: Previewed
}) {
  const src = `/api/files/${id}/preview?size=96&of=${encodeURIComponent(contentEtag ?? '')}`
  const [failed, setFailed] = useState('')
  if (hasPreview && failed !== src)
    return <Image src={src} alt="" w={36} h={36} radius="sm" loading="lazy" onError={() => setFailed(src)} />
  const Icon = kind === 'folder' ? IconFolder : signOf(type ?? '')
  return <Icon size={36} stroke={1.2} aria-hidden style={{ flexShrink: 0 }} />
}

function signOf(type: string): typeof IconFile {
  if (type === 'application/pdf') return IconFileTypePdf
  if (type.startsWith('image/')) return IconPhoto
  return type.startsWith('text/') ? IconFileText : IconFile
}
