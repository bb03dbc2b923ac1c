import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { patchItem } from '../../client/items.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { useReport } from '../admin.ts'
import type { Delegate } from './people.ts'
import { PeopleList } from './people-list.tsx'

type Mode = Delegate['mode']

/** Who may read, or change, all the calendars of an account, a room or a resource. */
export function Delegates({ of: owner }: { readonly of: string }) {
  const { t } = useTranslation('admin')
  const path = `/delegates/${encodeURIComponent(owner)}`
  const { data, error, isPending, refetch } = useReport<{ readonly delegates: readonly Delegate[] }>(path)
  const put = ({ name, mode }: { readonly name: string; readonly mode: Mode }) =>
    send('PUT', `${path}/${encodeURIComponent(name)}`, { body: { mode } })
  const change = useChange<{ readonly name: string; readonly mode: Mode }>({
    send: put,
    patches: ({ name, mode }) => [patchItem<Delegate>(['admin', path], (one) => one.name === name, { mode })],
    keys: [['admin']],
    back:
      ({ name, mode }) =>
      () =>
        put({ name, mode: mode === 'read' ? 'write' : 'read' }),
    said: () => t('saved'),
  })
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  return (
    <PeopleList<Delegate>
      title={t('delegates.title')}
      more={t('delegates.more')}
      none={t('delegates.none')}
      kinds={['user', 'group']}
      without={[owner]}
      people={data.delegates}
      of={[path, 'delegates']}
      add={({ name }) => put({ name, mode: 'read' })}
      back={put}
      remove={({ name }) => send('DELETE', `${path}/${encodeURIComponent(name)}`)}
      beside={({ name, displayName, mode }) => (
        <NativeSelect
          size="xs"
          aria-label={t('delegates.modeOf', { name: displayName })}
          value={mode}
          onChange={(event) => change.make({ name, mode: event.currentTarget.value as Mode })}
          data={(['read', 'write'] as const).map((value) => ({
            value,
            label: t(`delegates.modes.${value}`),
          }))}
        />
      )}
    />
  )
}
