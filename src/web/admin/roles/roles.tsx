import { Badge, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RemovedLately } from '../../things/removed-lately.tsx'
import { openForm } from '../../ui/dialog/forms.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { useReport } from '../admin.ts'
import { CardList, DefinedCard } from './card-list.tsx'
import { Masks } from './masks.tsx'
import { EditRole, NewRole } from './role-dialog.tsx'
import { pathOfRole, type Role, type Roles as RoleList, removedAs, shownWithRoles } from './roles.ts'

/** What people of the team may do beside reading and writing, and what they do not see. */
export function Roles() {
  return (
    <Stack gap="xl">
      <RoleCards />
      <Masks />
    </Stack>
  )
}

function RoleCards() {
  const { t } = useTranslation('admin')
  const { data, error, isPending, refetch } = useReport<RoleList>('/team-roles')
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <CardList title={t('roles.title')} why={t('roles.why')} add={t('roles.add')} onAdd={openNew}>
      {data.roles.map((role) => (
        <RoleCard key={role.id} role={role} onEdit={() => openRole(role.id)} />
      ))}
      <RemovedLately removed={data.removed.map((one) => removedAs('role', one))} keys={shownWithRoles} />
    </CardList>
  )
}

function openNew(): void {
  openForm((close) => <NewRole onClose={close} onMade={openRole} />)
}

function openRole(id: number): void {
  openForm((close) => <EditRole id={id} onClose={close} />)
}

function RoleCard({ role, onEdit }: { readonly role: Role; readonly onEdit: () => void }) {
  const { t, i18n } = useTranslation('admin')
  const title = useRoleTitle()(role)
  const names = role.holders.map(({ displayName }) => displayName)
  const held =
    role.builtIn === 'everyone' ? t('roles.byAll') : new Intl.ListFormat(i18n.language).format(names)
  return (
    <DefinedCard thing={{ kind: 'role', path: pathOfRole(role.id), name: title }} onEdit={onEdit}>
      <Group gap={6}>
        {role.capabilities.length === 0 && <Text size="sm">{t('roles.nothing')}</Text>}
        {role.capabilities.map((capability) => (
          <Badge key={capability} variant="default" tt="none" styles={whole}>
            {t(`capabilities.${capability}`)}
          </Badge>
        ))}
      </Group>
      {role.masks.length > 0 && <Text size="sm">{t('roles.through', { masks: role.masks.join(', ') })}</Text>}
      <Text size="sm" c="dimmed">
        {held === '' ? t('roles.byNobody') : t('roles.heldBy', { names: held })}
      </Text>
    </DefinedCard>
  )
}

/** On a phone what a role may is read in two lines, and not cut. */
const whole = { root: { blockSize: 'auto', paddingBlock: 2 }, label: { whiteSpace: 'normal' } } as const

/** What a role is called: those that were there from the start have names in every language. */
export function useRoleTitle(): (role: Pick<Role, 'name' | 'builtIn'>) => string {
  const { t } = useTranslation('admin')
  return ({ name, builtIn }) => (builtIn === null ? name : t(`roles.builtIn.${builtIn}`))
}
