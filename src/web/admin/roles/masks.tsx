import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { readHiding } from '../../sharing/hiding.ts'
import { useHidingText } from '../../sharing/hiding-field.tsx'
import { RemovedLately } from '../../things/removed-lately.tsx'
import { openForm } from '../../ui/dialog/forms.tsx'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { useReport } from '../admin.ts'
import { CardList, DefinedCard } from './card-list.tsx'
import { MaskDialog } from './mask-dialog.tsx'
import { type Mask, type MaskList, pathOfMask, removedAs, shownWithRoles } from './roles.ts'

/** What roles, accounts and groups do not see of contacts in books of others, each under a name. */
export function Masks() {
  const { t } = useTranslation('admin')
  const { data, error, isPending, refetch } = useReport<MaskList>('/masks')
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <CardList title={t('masks.title')} why={t('masks.why')} add={t('masks.add')} onAdd={() => openMask('')}>
      {data.masks.length === 0 && <Empty text={t('none.masks')} />}
      {data.masks.map((mask) => (
        <MaskCard key={mask.name} mask={mask} onEdit={() => openMask(mask.name)} />
      ))}
      <RemovedLately removed={data.removed.map((one) => removedAs('mask', one))} keys={shownWithRoles} />
    </CardList>
  )
}

/** @param name  empty for a new one, which goes on to whom it is given */
function openMask(name: string): void {
  openForm((close) => {
    const onMade = (made: string): void => {
      if (made === name) return
      close()
      openMask(made)
    }
    return <MaskDialog name={name} onClose={close} onMade={onMade} />
  })
}

function MaskCard({ mask, onEdit }: { readonly mask: Mask; readonly onEdit: () => void }) {
  const { t, i18n } = useTranslation('admin')
  const textOf = useHidingText()
  const { name, hide, only, books = [], holders } = mask
  const textOfHolder = ({ displayName, kind }: Mask['holders'][number]): string =>
    t('masks.holder', { name: displayName, kind: t(`people.kinds.${kind}`) })
  const hiding = readHiding([{ hide, ...(only && { only }) }])
  return (
    <DefinedCard thing={{ kind: 'mask', path: pathOfMask(name), name }} onEdit={onEdit}>
      <Text size="sm">{t('masks.whoHasIt', { what: textOf(hiding) })}</Text>
      {books.length > 0 && <Text size="sm">{t('masks.inBooks', { count: books.length })}</Text>}
      {holders.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('roles.heldBy', {
            names: new Intl.ListFormat(i18n.language).format(holders.map(textOfHolder)),
          })}
        </Text>
      )}
    </DefinedCard>
  )
}
