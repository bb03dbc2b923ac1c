import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read, type Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { patchItem } from '../../client/items.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { tellDone } from '../../ui/toast.tsx'
import type { Setting } from '../admin.ts'
import { EditedDialog, useOpened } from '../edited.tsx'
import { pathOfSetting, sendWish, settingKeys, type Wish, wayBackOf } from './send-wish.ts'
import { SettingInput } from './setting-input.tsx'
import { useSettingTexts } from './setting-texts.ts'

interface EditSettingProps {
  /** Its key. */
  readonly name: string
  readonly onClose: () => void
}

/** One setting, changed while the server runs, or put back. */
export function EditSetting({ name, onClose }: EditSettingProps) {
  const { wordOf } = useSettingTexts()
  return (
    <EditedDialog<Setting> path={pathOfSetting(name)} titleOf={() => wordOf(name)} onClose={onClose}>
      {(seen) => <Opened now={seen} onClose={onClose} />}
    </EditedDialog>
  )
}

/** As it was when it was opened. */
type Seen = Pick<Tagged<Setting>, 'data' | 'etag'>

function useSetting({ data: before, etag }: Seen, onClose: () => void) {
  const { t } = useTranslation('admin')
  const { wordOf, shownAs } = useSettingTexts()
  const { key } = before
  return useChange<Wish, Setting, Setting>({
    send: (value, tag) => sendWish(key, value, tag),
    etag,
    written: 'leaving',
    theirs: () => read<Setting>(pathOfSetting(key)),
    // What the server starts with it says itself.
    patches: (value) =>
      value === null
        ? []
        : [patchItem<Setting>(['admin', '/settings'], (one) => one.key === key, { value, from: 'page' })],
    keys: settingKeys,
    isUndoable: false,
    onDone: ({ data: after, etag: tag }) => {
      onClose()
      tellDone(t('settings.changedTo', { name: wordOf(key), value: shownAs(after) }), wayBackOf(before, tag))
    },
  })
}

interface OpenedProps {
  readonly now: Tagged<Setting>
  readonly onClose: () => void
}

function Opened({ now, onClose }: OpenedProps) {
  const { seen: data, etag, nth, touch } = useOpened(now.data, now.etag, ({ value, from }) => [value, from])
  return <Fields key={nth} seen={{ data, etag }} onTouch={touch} onClose={onClose} />
}

interface FieldsProps {
  readonly seen: Seen
  /** Told when it says something else. */
  readonly onTouch: () => void
  readonly onClose: () => void
}

function Fields({ seen, onTouch, onClose }: FieldsProps) {
  const { t } = useTranslation('admin')
  const { wordOf, shownAs } = useSettingTexts()
  const setting = seen.data
  const { key, default: usual, from, variable } = setting
  const [value, setValue] = useState<Setting['value'] | undefined>(setting.value)
  const change = useSetting(seen, onClose)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (value !== undefined) change.make(value)
      }}
    >
      <Stack>
        <SettingInput
          setting={setting}
          value={value}
          onChange={(next) => {
            onTouch()
            setValue(next)
          }}
        />
        {key.startsWith('retention.') && <Text size="sm">{t('settings.goes')}</Text>}
        <Text size="sm" c="dimmed">
          {t('settings.usualIs', { value: shownAs({ key, value: usual }) })}
        </Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('settings.overruled')} <Code>{variable}</Code>
        </Text>
        <Group justify="space-between">
          <Button variant="default" disabled={from !== 'page'} onClick={() => change.make(null)}>
            {t('settings.back')}
          </Button>
          <Button type="submit" disabled={value === undefined}>
            {t('settings.save')}
          </Button>
        </Group>
      </Stack>
      <ConflictDialog
        conflict={change.conflict}
        differences={(mine, theirs) => [
          {
            label: wordOf(key),
            mine: mine === null ? t('settings.back') : shownAs({ key, value: mine }),
            theirs: shownAs(theirs),
          },
        ]}
      />
    </form>
  )
}
