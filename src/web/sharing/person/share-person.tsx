import { useTranslation } from 'react-i18next'
import type { DialogProps } from '../../person/header/person-menu.tsx'
import { ShareDialog } from '../share-dialog.tsx'
import { CardPreview } from './card-preview.tsx'

/** Shares one person or company; who stands in no book of mine is another's to share. */
export function SharePerson({ party, cards, onClose }: DialogProps) {
  const { t } = useTranslation('sharing')
  const { id, name } = party
  const own = party.cards.find(({ book }) => book.isMine)
  const card = cards.find((one) => one.id === own?.id)
  return (
    <ShareDialog
      what={{ kind: 'person', party: id }}
      name={name}
      denied={own ? undefined : t('foreign', { name })}
      preview={(masks) => card && <CardPreview card={card} masks={masks} />}
      onClose={onClose}
    />
  )
}
