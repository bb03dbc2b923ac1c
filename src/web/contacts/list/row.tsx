import { Checkbox } from '@mantine/core'
import { type MouseEvent, memo, type PointerEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Face } from '../../ui/face.tsx'
import type { PartyItem } from '../contacts.ts'
import { LabelDots } from './label-dots.tsx'

/** So long a finger rests on a row to choose it. */
const longPressMs = 450

interface RowProps {
  readonly row: PartyItem
  readonly position: number
  readonly href: string
  /** Whether its page is beside the list. */
  readonly isOpen: boolean
  readonly isSelected: boolean
  /** Whether anybody is selected: then a finger selects instead of opening. */
  readonly isSelecting: boolean
  readonly isReached: boolean
  readonly colors: ReadonlyMap<string, string>
  readonly onToggle: (row: PartyItem, position: number) => void
  readonly onExtend: (position: number) => void
}

/** Somebody in the list: a click opens, with Ctrl or Shift it selects, as a finger does that rests on it. */
export const Row = memo(function Row(props: RowProps) {
  const { row, href, isOpen, isSelected, isReached, colors, position, onToggle } = props
  const { t } = useTranslation('contacts')
  const press = usePress(props)
  const { name, organisation, title, kind, mail, phone, labels } = row
  const job = [title, kind === 'person' ? organisation : ''].filter((part) => part !== '').join(' · ')
  const shown = name === '' ? mail || phone || t('nameless') : name
  const tabIndex = isReached ? 0 : -1
  return (
    <div className="person-row" data-open={isOpen || undefined} data-selected={isSelected || undefined}>
      <Checkbox
        className="person-check"
        checked={isSelected}
        onChange={() => onToggle(row, position)}
        aria-label={t('select', { name: shown })}
        tabIndex={tabIndex}
      />
      <Link
        href={href}
        className="person-link"
        tabIndex={tabIndex}
        aria-current={isOpen ? 'true' : undefined}
        draggable={false}
        {...press}
      >
        <Face name={shown} size={36} isCompany={kind === 'org'} photo={photoOf(row)} />
        <span className="person-name">
          <span className="cut">{shown}</span>
          {job !== '' && <span className="cut person-job">{job}</span>}
          {job === '' && <span className="cut person-job person-reach">{mail || phone}</span>}
        </span>
        <span className="cut person-wide">{mail}</span>
        <span className="cut person-wide">{phone}</span>
        <LabelDots labels={labels} colors={colors} />
      </Link>
    </div>
  )
})

/** Where the photo is; with its version, so that another one is asked for. */
function photoOf({ photo, photoVersion }: PartyItem): string | undefined {
  return photo === null ? undefined : `/api/cards/${photo}/photo?size=96#${photoVersion ?? ''}`
}

/** What a click and a finger do. */
function usePress({ row, position, isSelecting, onToggle, onExtend }: RowProps) {
  const timer = useRef<number>(undefined)
  const press = useRef({ isTouch: false, wasLong: false })
  const end = (): void => window.clearTimeout(timer.current)
  return {
    onPointerDown: ({ pointerType }: PointerEvent) => {
      press.current = { isTouch: pointerType === 'touch', wasLong: false }
      if (pointerType !== 'touch') return
      timer.current = window.setTimeout(() => {
        press.current.wasLong = true
        onToggle(row, position)
      }, longPressMs)
    },
    onPointerUp: end,
    onPointerCancel: end,
    onPointerLeave: end,
    onContextMenu: (event: MouseEvent) => {
      if (press.current.isTouch) event.preventDefault()
    },
    // The link itself asks nobody where a key is held.
    onClickCapture: (event: MouseEvent) => {
      const { isTouch, wasLong } = press.current
      const isOther = event.ctrlKey || event.metaKey || (isTouch && isSelecting)
      if (!wasLong && !event.shiftKey && !isOther) return
      event.preventDefault()
      if (wasLong) return
      if (event.shiftKey) onExtend(position)
      else onToggle(row, position)
    },
  }
}
