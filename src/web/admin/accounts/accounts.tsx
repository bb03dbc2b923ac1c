import { Anchor, Badge, Group, Stack, Table } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useDates } from '../../ui/dates.ts'
import { openForm } from '../../ui/dialog/forms.tsx'
import { useSizes } from '../../ui/sizes.ts'
import type { Account } from '../admin.ts'
import { Finder, useFinding } from '../finder.tsx'
import { EditButton, Line, Paged, Twice } from '../more.tsx'
import { RemovedList } from '../removed/removed-list.tsx'
import { EditAccount } from './edit-account.tsx'
import { type LinkFor, LinkShown } from './link-shown.tsx'
import { NewAccount } from './new-account.tsx'

/** The accounts: found, made, changed, locked and removed. */
export function Accounts() {
  const { t } = useTranslation('admin')
  const finding = useFinding<Account>('/accounts')
  useEffect(() => {
    if (new URLSearchParams(window.location.search).has('new')) openNew()
  }, [])
  return (
    <Stack>
      <Finder finding={finding} add={t('accounts.add')} onAdd={openNew} />
      <Paged
        pages={finding.pages}
        none={t('none.accounts')}
        heads={[t('name'), t('seen'), t('parts.devices'), t('used'), t('jobs.do')]}
        row={(account) => <Row key={account.name} account={account} onEdit={() => openAccount(account)} />}
      />
      <RemovedList kind="user" />
    </Stack>
  )
}

function openNew(): void {
  openForm((close) => <NewAccount onClose={close} onMade={showLink} />)
}

function openAccount(account: Account): void {
  openForm((close) => <EditAccount account={account} onClose={close} onLink={showLink} />)
}

function showLink(link: LinkFor): void {
  openForm((close) => <LinkShown link={link} onClose={close} />)
}

function Row({ account, onEdit }: { readonly account: Account; readonly onEdit: () => void }) {
  const { t } = useTranslation('admin')
  const sizeOf = useSizes()
  const { relative } = useDates()
  const { name, displayName, email, isAdmin, isLocked, seenAt, devices, usedBytes } = account
  return (
    <Line>
      <Table.Td>
        <Group gap="xs">
          <Twice text={displayName} more={[name, email].filter((one) => one !== null).join(' · ')} />
          {isAdmin && (
            <Badge variant="default" tt="none">
              {t('accounts.admin')}
            </Badge>
          )}
          {isLocked && (
            <Badge color="red.9" tt="none">
              {t('accounts.locked')}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>{seenAt === null ? t('never') : relative(seenAt)}</Table.Td>
      <Table.Td>
        {devices === 0 ? (
          devices
        ) : (
          <Anchor
            component={Link}
            href={`/admin/devices?account=${encodeURIComponent(name)}`}
            size="sm"
            aria-label={t('accounts.devicesOf', { name: displayName, count: devices })}
          >
            {devices}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td>{sizeOf(usedBytes)}</Table.Td>
      <Table.Td>
        <EditButton name={displayName} onEdit={onEdit} />
      </Table.Td>
    </Line>
  )
}
