import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Qr } from '../../ui/qr.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { DialogFrame } from '../dialog.tsx'
import { keys } from '../person.ts'
import type { DialogProps } from './person-menu.tsx'

/** Octets of a card that a phone still reads well from a screen. */
const mostOctets = 1_200

/** The card as a picture that a phone takes it from. */
export function QrDialog({ party, cards, onClose }: DialogProps) {
  const { t } = useTranslation('person')
  const [card] = cards
  const { data, error, isPending, refetch } = useQuery({
    queryKey: [...keys.card(card?.id ?? 0), 'vcard'],
    queryFn: async ({ signal }) => {
      const answer = await fetch(`/api/cards/${card?.id}/vcard?version=3.0`, { signal })
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
      return scannable(await answer.text())
    },
  })
  return (
    <DialogFrame title={t('menu.qr')} onClose={onClose}>
      {isPending && <Loading />}
      {error && <Failed error={error} again={() => void refetch()} />}
      {data && (
        <Stack align="center">
          <Qr text={data} label={t('qrOf', { name: party.name })} size={400} ecc="L" />
          <Text size="sm" c="dimmed" ta="center">
            {t('qrHow')}
          </Text>
        </Stack>
      )}
    </DialogFrame>
  )
}

/** What people hand each other: not the photo, nor what only programs read, and no more than fits. */
function scannable(vcard: string): string {
  const lines = vcard.replace(/\r\n[ \t]/g, '').split('\r\n')
  const wanted = lines.filter((line) =>
    /^(?:[\w-]+\.)?(?:BEGIN|VERSION|FN|N|ORG|TITLE|TEL|EMAIL|ADR|URL|BDAY|END)[;:]/i.test(line),
  )
  const octets = (): number => new TextEncoder().encode(wanted.join('\r\n')).length
  // The last are the least, but for what makes a card, wherever it stands.
  const canGo = (line: string): boolean => !/^(?:BEGIN|VERSION|FN|N|END)[;:]/i.test(line)
  for (let at = wanted.findLastIndex(canGo); octets() > mostOctets && at >= 0; ) {
    wanted.splice(at, 1)
    at = wanted.findLastIndex(canGo)
  }
  return wanted.join('\r\n')
}
