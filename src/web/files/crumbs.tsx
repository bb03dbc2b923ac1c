import { Anchor, Breadcrumbs, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { FileDetails, FileHome } from './files.ts'

interface CrumbsProps {
  readonly home: FileHome | undefined
  /** Undefined in the home itself. */
  readonly folder: FileDetails | undefined
}

/** Where one is, and the way up. */
export function Crumbs({ home, folder }: CrumbsProps) {
  const { t } = useTranslation('files')
  const top = home?.isMine ? t('title') : (home?.title ?? folder?.owner.displayName ?? '')
  if (!folder) return <Title order={2}>{top}</Title>
  return (
    <Breadcrumbs component="nav" aria-label={t('path')} style={{ flexWrap: 'wrap' }}>
      {home ? (
        <Anchor component={Link} href={home.isMine ? '/files' : `/files/home/${home.id}`}>
          {top}
        </Anchor>
      ) : (
        <Text>{top}</Text>
      )}
      {folder.folders.map(({ id, name }) => (
        <Anchor key={id} component={Link} href={`/files/${id}`}>
          {name}
        </Anchor>
      ))}
      <Title order={2} size="h4">
        {folder.name}
      </Title>
    </Breadcrumbs>
  )
}
