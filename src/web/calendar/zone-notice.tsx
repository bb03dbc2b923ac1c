import { Alert, Anchor } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconWorld } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { clockIn, ownZone } from './times.ts'
import { useZone } from './zone.ts'

/** Says once that the clocks of the account are not those of this browser, and whose times are shown. */
export function ZoneNotice() {
  const { t } = useTranslation('calendar')
  const zone = useZone()
  const [told, setTold] = useLocalStorage({
    key: 'farley-zones-told',
    defaultValue: '',
    getInitialValueInEffect: false,
  })
  const pair = `${ownZone} ${zone}`
  const isOther = useMemo(() => differ(ownZone, zone), [zone])
  if (!isOther || told === pair) return null
  return (
    <Alert
      className="not-printed"
      color="gray"
      icon={<IconWorld size={18} />}
      py={6}
      mx="xs"
      mb="xs"
      withCloseButton
      closeButtonLabel={t('app.close')}
      onClose={() => setTold(pair)}
    >
      {t('zone.told', { zone: nameOf(zone), here: nameOf(ownZone) })}{' '}
      <Anchor component={Link} href="/account/settings" size="sm" underline="always">
        {t('zone.change')}
      </Anchor>
    </Alert>
  )
}

function nameOf(zone: string): string {
  return zone.replaceAll('_', ' ')
}

const halfYearMs = 182 * 86_400_000

/** Now or in half a year: two zones of one clock are the same to whoever looks at it. */
function differ(one: string, other: string): boolean {
  const now = Date.now()
  return [now, now + halfYearMs].some((at) => clockIn(one, at) !== clockIn(other, at))
}
