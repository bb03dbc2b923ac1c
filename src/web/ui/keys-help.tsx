import { Stack, Switch, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Dialog } from './dialog/dialog.tsx'
import { Keys } from './key-caps.tsx'
import { useShortcuts, useSingleKeys } from './keys.ts'

/** Which keys do what on this page. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [isOn, set] = useSingleKeys()
  const shortcuts = new Map(useShortcuts().map(({ key, text }) => [key, text]))
  return (
    <Dialog onClose={onClose} title={t('keys.title')}>
      <Stack>
        <Table>
          <Table.Tbody>
            {[...shortcuts].map(([key, text]) => (
              <Table.Tr key={key}>
                <Table.Td>{text}</Table.Td>
                <Table.Td ta="end">
                  <Keys of={key} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          checked={isOn}
          onChange={(event) => set(event.currentTarget.checked)}
          label={t('keys.single')}
          description={t('keys.singleWhy')}
        />
      </Stack>
    </Dialog>
  )
}
