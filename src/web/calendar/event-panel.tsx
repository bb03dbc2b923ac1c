import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core'
import {
  IconAlignLeft,
  IconBell,
  IconCalendar,
  IconClock,
  IconLink,
  IconMapPin,
  IconPaperclip,
  IconRepeat,
  IconUsers,
} from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { localeOf } from '../i18n/locale.ts'
import { ObjectHistory } from '../things/lazy.tsx'
import { useDates } from '../ui/dates.ts'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { alarmText } from './alarms-field.tsx'
import { type Calendar, colorOf, type EventDetails, useEvent, type Which } from './calendar.ts'
import { isPlain } from './rule.ts'
import { ruleText } from './rule-text.ts'
import { otherClockText, whenText } from './when.ts'
import { useZone } from './zone.ts'

interface EventPanelProps {
  readonly which: Which
  readonly calendars: readonly Calendar[]
  readonly onEdit: (event: EventDetails, etag: string | undefined) => void
  readonly onDelete: (event: EventDetails, etag: string | undefined) => void
  readonly onCopy: (event: EventDetails) => void
  readonly onClose: () => void
}

/** What is known of an event, and what can be done with it. */
export function EventPanel({ which, calendars, onEdit, onDelete, onCopy, onClose }: EventPanelProps) {
  const { t } = useTranslation('calendar')
  const { data: tagged, error, isPending, refetch } = useEvent(which)
  const [isTold, setIsTold] = useState(false)
  const event = tagged?.data
  const calendar = calendars.find(({ id }) => id === event?.calendar)
  return (
    <Dialog onClose={onClose} title={event ? event.title || t('untitled') : t('event')} size="md" fillsPhone>
      {isPending && <Loading />}
      {error && <Failed error={error} again={() => void refetch()} />}
      {event && (
        <Stack gap="sm">
          <Details event={event} calendar={calendar} />
          {calendar && isLookedAt(calendar) && (
            <Text size="sm" c="dimmed">
              {t('panel.lookOnly')}
            </Text>
          )}
          <Group justify="flex-end" mt="sm">
            <Anchor component={Link} href={`/served/object/${event.id}`} size="sm" me="auto">
              {t('served.ask')}
            </Anchor>
            {calendar && calendar.shows !== 'busy' && (
              <Button variant="subtle" onClick={() => setIsTold(true)}>
                {t('panel.history')}
              </Button>
            )}
            <Button variant="subtle" onClick={() => onCopy(event)}>
              {t('panel.copy')}
            </Button>
            {event.rights.remove && (
              <Button variant="light" color="red" onClick={() => onDelete(event, tagged.etag)}>
                {t('panel.delete')}
              </Button>
            )}
            {event.rights.edit && (
              <Button onClick={() => onEdit(event, tagged.etag)} data-autofocus>
                {t('panel.edit')}
              </Button>
            )}
          </Group>
        </Stack>
      )}
      {isTold && event && (
        <ObjectHistory
          id={event.id}
          name={event.title || t('untitled')}
          mayWrite={event.rights.edit}
          onClose={(isOtherwise) => (isOtherwise ? onClose() : setIsTold(false))}
        />
      )}
    </Dialog>
  )
}

/** Whether nothing may be done in it. */
function isLookedAt({ rights }: Calendar): boolean {
  return !rights.add && !rights.edit && !rights.remove
}

interface LineProps {
  readonly icon: typeof IconClock
  readonly label: string
  readonly children: ReactNode
}

function Line({ icon: Icon, label, children }: LineProps) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start" role="group" aria-label={label}>
      <Icon size={18} stroke={1.6} aria-hidden style={{ flexShrink: 0, marginBlockStart: 2 }} />
      <Stack gap={2} miw={0} flex={1}>
        {children}
      </Stack>
    </Group>
  )
}

interface DetailsProps {
  readonly event: EventDetails
  readonly calendar: Calendar | undefined
}

function Details({ event, calendar }: DetailsProps) {
  const { t } = useTranslation('calendar')
  const { time } = useDates()
  const { location, notes, alarms } = event
  return (
    <>
      <When event={event} />
      {location !== '' && (
        <Line icon={IconMapPin} label={t('form.location')}>
          <Text>{location}</Text>
        </Line>
      )}
      <Links event={event} />
      {calendar && <Standing event={event} calendar={calendar} />}
      {alarms.length > 0 && (
        <Line icon={IconBell} label={t('alarm.label')}>
          {alarms.map((alarm) => (
            <Text key={alarm.key}>{alarmText(t, alarm, time)}</Text>
          ))}
        </Line>
      )}
      <Attendees event={event} />
      {notes !== '' && (
        <Line icon={IconAlignLeft} label={t('form.notes')}>
          <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{notes}</Text>
        </Line>
      )}
    </>
  )
}

function When({ event }: { readonly event: EventDetails }) {
  const { t, i18n } = useTranslation('calendar')
  const { recurrence } = event
  const zone = useZone()
  const otherClock = otherClockText(localeOf(i18n.language), event, zone)
  return (
    <>
      <Line icon={IconClock} label={t('panel.when')}>
        <Text>{whenText(localeOf(i18n.language), event, zone)}</Text>
        {otherClock && (
          <Text size="sm" c="dimmed">
            {otherClock}
          </Text>
        )}
      </Line>
      {recurrence && (
        <Line icon={IconRepeat} label={t('rule.label')}>
          <Text>
            {recurrence.rule && isPlain(recurrence.rule)
              ? ruleText(t, i18n.language, recurrence.rule)
              : t('rule.kept', { rule: recurrence.text })}
          </Text>
        </Line>
      )}
    </>
  )
}

function Links({ event: { url, links, attachments } }: { readonly event: EventDetails }) {
  const { t } = useTranslation('calendar')
  const all = [...(url === '' ? [] : [{ uri: url, label: null }]), ...links]
  return (
    <>
      {all.length > 0 && (
        <Line icon={IconLink} label={t('form.url')}>
          {all.map(({ uri, label }) => (
            <WebLink key={uri} uri={uri} text={label ?? uri} />
          ))}
        </Line>
      )}
      {attachments.length > 0 && (
        <Line icon={IconPaperclip} label={t('panel.attachments')}>
          {attachments.map(({ uri, name }, index) => (
            <WebLink key={uri ?? index} uri={uri ?? ''} text={name ?? uri ?? t('panel.attachment')} />
          ))}
        </Line>
      )}
    </>
  )
}

interface StandingProps {
  readonly event: EventDetails
  readonly calendar: Calendar
}

function Standing({ event: { status, categories }, calendar }: StandingProps) {
  const { t } = useTranslation('calendar')
  const isOdd = ['tentative', 'cancelled'].includes(status?.toLowerCase() ?? '')
  return (
    <Line icon={IconCalendar} label={t('form.calendar')}>
      <Group gap="xs">
        <span
          className="calendar-dot"
          ref={(dot) => dot?.style.setProperty('background', colorOf(calendar))}
        />
        <Text>{calendar.title}</Text>
        {isOdd && <Badge variant="default">{t(`status.${status?.toLowerCase()}`)}</Badge>}
        {categories.map((category) => (
          <Badge key={category} variant="default">
            {category}
          </Badge>
        ))}
      </Group>
    </Line>
  )
}

/** Only addresses of the web are led to: a `javascript:` of somebody else's event is a text. */
function WebLink({ uri, text }: { readonly uri: string; readonly text: string }) {
  if (!/^(?:https?|mailto|tel):/i.test(uri)) return <Text style={{ overflowWrap: 'anywhere' }}>{text}</Text>
  return (
    <Anchor
      href={uri}
      target="_blank"
      rel="noopener noreferrer"
      underline="always"
      style={{ overflowWrap: 'anywhere' }}
    >
      {text}
    </Anchor>
  )
}

const statuses = ['ACCEPTED', 'DECLINED', 'TENTATIVE', 'DELEGATED', 'NEEDS-ACTION']

function Attendees({ event: { attendees, organizer } }: { readonly event: EventDetails }) {
  const { t } = useTranslation('calendar')
  if (attendees.length === 0) return null
  const nameOf = (one: (typeof attendees)[number]): string => one.name ?? one.address.replace(/^mailto:/i, '')
  return (
    <Line icon={IconUsers} label={t('panel.attendees')}>
      {organizer && <Text size="sm">{t('panel.organizer', { name: nameOf(organizer) })}</Text>}
      {attendees.map((one) => (
        <Group key={one.address} gap="xs">
          <Text>{nameOf(one)}</Text>
          <Text size="sm" c="dimmed">
            {t(`answer.${statuses.includes(one.status) ? one.status : 'NEEDS-ACTION'}`)}
          </Text>
        </Group>
      ))}
    </Line>
  )
}
