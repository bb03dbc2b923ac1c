import { Button, Checkbox, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { Part } from '../../ui/states.tsx'
import { useReport } from '../admin.ts'
import { EditedDialog, endedBy, useOpened, useSaving } from '../edited.tsx'
import { PeopleList } from '../people/people-list.tsx'
import { RemoveButton } from '../remove-button.tsx'
import { type Capability, capabilities, type MaskList, pathOfRole, type Role } from './roles.ts'
import { useRoleTitle } from './roles.tsx'
import { useCapabilityWords } from './words.ts'

interface Wish {
  readonly name?: string
  readonly capabilities: readonly Capability[]
  readonly masks?: readonly string[]
}

interface NewRoleProps {
  readonly onClose: () => void
  readonly onMade: (id: number) => void
}

/** A new role; who holds it is said when it is there. */
export function NewRole({ onClose, onMade }: NewRoleProps) {
  const { t } = useTranslation('admin')
  const make = useChange<Wish, unknown, Role>({
    send: (body) => send('POST', '/team-roles', { body }),
    written: 'staying',
    keys: [['admin']],
    onDone: ({ data }) => {
      onClose()
      onMade(data.id)
    },
  })
  return (
    <Dialog onClose={onClose} title={t('roles.add')}>
      <RoleForm of={undefined} isBusy={make.isBusy} onWish={make.make} />
    </Dialog>
  )
}

/** One role: what it may, what it does not see, who holds it, and its end. */
export function EditRole({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const { t } = useTranslation('admin')
  const titleOf = useRoleTitle()
  const path = pathOfRole(id)
  return (
    <EditedDialog<Role>
      path={path}
      titleOf={(seen) => (seen ? titleOf(seen) : t('roles.title'))}
      onClose={onClose}
    >
      {({ data: role, etag }) => (
        <Stack gap="lg">
          <Changing now={role} newest={etag} path={path} />
          {role.builtIn !== 'everyone' && (
            <PeopleList
              title={t('roles.holders')}
              more={t('roles.give')}
              none={t('roles.byNobody')}
              kinds={['user', 'group']}
              people={role.holders}
              of={[path, 'holders']}
              hasHistory
              add={({ name }) => send('POST', `${path}/holders`, { body: { name } })}
              remove={({ name }) => send('DELETE', `${path}/holders/${encodeURIComponent(name)}`)}
            />
          )}
          {role.builtIn === null && (
            <RemoveButton
              path={path}
              name={role.name}
              text={t('roles.removeText')}
              keys={[['capabilities']]}
              onRemoved={onClose}
            />
          )}
        </Stack>
      )}
    </EditedDialog>
  )
}

interface ChangingProps {
  readonly now: Role
  readonly newest: string | undefined
  readonly path: string
}

/** Whoever gives it to somebody, or takes it from him, has not changed what the form says. */
function Changing({ now, newest, path }: ChangingProps) {
  const { t } = useTranslation('admin')
  const opened = useOpened(now, newest, ({ name, capabilities: may, masks }) => [name, may, masks])
  const { seen: role, etag, nth, touch, goOn } = opened
  const change = useSaving<Wish, Role>(
    { path, etag },
    {
      ...{ hasHistory: true, keys: [['admin'], ['capabilities']], written: 'staying' },
      onDone: (saved) => goOn(saved),
    },
  )
  const words = useCapabilityWords()
  const told = (list: readonly Capability[]): string => words(list) || '–'
  return (
    <>
      <RoleForm key={nth} of={role} isBusy={change.isBusy} onTouch={touch} onWish={change.make} />
      <ConflictDialog
        conflict={endedBy(change.conflict, (theirs) => goOn(theirs, true))}
        differences={(mine, theirs) => [
          { label: t('name'), mine: mine.name ?? role.name, theirs: theirs.name },
          { label: t('roles.may'), mine: told(mine.capabilities), theirs: told(theirs.capabilities) },
        ]}
      />
    </>
  )
}

interface RoleFormProps {
  /** Undefined for a new one. */
  readonly of: Role | undefined
  readonly isBusy: boolean
  /** Told when something in it is otherwise. */
  readonly onTouch?: () => void
  readonly onWish: (wish: Wish) => void
}

function RoleForm({ of: role, isBusy, onTouch, onWish }: RoleFormProps) {
  const { t } = useTranslation('admin')
  const submit = (form: FormData): void => {
    const wish = {
      capabilities: form.getAll('capabilities') as Capability[],
      // Before the masks are there nobody has chosen any.
      ...(form.has('masksAreShown') && { masks: form.getAll('masks').map(String) }),
    }
    onWish(role && role.builtIn !== null ? wish : { ...wish, name: String(form.get('name')).trim() })
  }
  return (
    <form
      onChange={onTouch}
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      <Stack>
        {(role === undefined || role.builtIn === null) && (
          <TextInput
            name="name"
            label={t('name')}
            defaultValue={role?.name ?? ''}
            required
            withAsterisk={false}
            maxLength={100}
          />
        )}
        <Checkbox.Group label={t('roles.may')} defaultValue={[...(role?.capabilities ?? [])]}>
          <Stack gap={8} mt={6}>
            {capabilities.map((value) => (
              <Checkbox
                key={value}
                name="capabilities"
                value={value}
                label={t(`capabilities.${value}`)}
                description={t(`capabilitiesWhy.${value}`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <MaskChoice chosen={role?.masks ?? []} />
        <Button type="submit" loading={isBusy} ms="auto" w="fit-content">
          {role === undefined ? t('people.make') : t('accounts.save')}
        </Button>
      </Stack>
    </form>
  )
}

/** Those that there are; nothing where there are none. */
function MaskChoice({ chosen }: { readonly chosen: readonly string[] }) {
  const { t } = useTranslation('admin')
  const asked = useReport<MaskList>('/masks')
  return (
    <Part of={asked}>
      {({ masks }) =>
        masks.length > 0 && (
          <Checkbox.Group
            label={t('roles.masks')}
            description={t('roles.masksWhy')}
            defaultValue={[...chosen]}
          >
            <input type="hidden" name="masksAreShown" />
            <Stack gap={8} mt={6}>
              {masks.map(({ name }) => (
                <Checkbox key={name} name="masks" value={name} label={name} />
              ))}
            </Stack>
          </Checkbox.Group>
        )
      }
    </Part>
  )
}
