import { Button, Group, Slider, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { read, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { undoRequests } from '../../client/undo.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { FilePicker } from '../../ui/file-picker.tsx'
import { DialogFrame } from '../dialog.tsx'
import type { Card } from '../person.ts'
import { type Cropping, drawCropped, moved, octetsOf, start, zoomed } from './crop.ts'
import type { DialogProps } from './person-menu.tsx'

/** Pixels of the square that is shown, and of the one that is kept. */
const shownSize = 300
const keptSize = 640

/** A photo: chosen, moved and zoomed until it fits, and put on the cards. */
export function PhotoDialog({ party, cards, onClose }: DialogProps) {
  const { t } = useTranslation('person')
  const [cropping, setCropping] = useState<Cropping>()
  const [isUnread, setIsUnread] = useState(false)
  const mine = cards.filter(({ rights }) => rights.edit)
  const hasPhoto = cards.some(({ details }) => details.photo !== null)
  const { make, isBusy, conflict } = usePhotoChange(party.id, mine, onClose)
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return
    const image = await createImageBitmap(file).catch(() => undefined)
    setIsUnread(image === undefined)
    if (image) setCropping(start(image))
  }
  const save = async (): Promise<void> => {
    if (cropping) make(await octetsOf(cropping, keptSize))
  }
  return (
    <DialogFrame title={t('menu.photo')} onClose={onClose}>
      <Stack align="center">
        {cropping ? (
          <Cropper cropping={cropping} onChange={setCropping} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('photo.how')}
          </Text>
        )}
        {isUnread && (
          <Text size="sm" role="alert">
            {t('photo.unread')}
          </Text>
        )}
        <Group justify="center">
          <FilePicker onPick={([file]) => void choose(file)} accept="image/*">
            {(props) => (
              <Button variant="default" {...props}>
                {t('photo.choose')}
              </Button>
            )}
          </FilePicker>
          {hasPhoto && !cropping && (
            <Button variant="subtle" color="red" loading={isBusy} onClick={() => make(null)}>
              {t('photo.remove')}
            </Button>
          )}
          {cropping && (
            <Button loading={isBusy} onClick={() => void save()}>
              {t('save')}
            </Button>
          )}
        </Group>
      </Stack>
      <PhotoConflict conflict={conflict} />
    </DialogFrame>
  )
}

function PhotoConflict({ conflict }: Pick<ReturnType<typeof usePhotoChange>, 'conflict'>) {
  const { t } = useTranslation('person')
  return (
    <ConflictDialog
      conflict={conflict}
      differences={(_, theirs) => [
        {
          label: t('menu.photo'),
          mine: t('photo.mine'),
          theirs: theirs.details.photo === null ? t('photo.none') : t('photo.theirs'),
        },
      ]}
    />
  )
}

/** Puts a photo on all cards that one may change, or takes it off: another line that changed meanwhile stays. */
function usePhotoChange(partyId: number, cards: readonly Card[], onDone: () => void) {
  const { t } = useTranslation('person')
  const requests = useRef<string[]>([])
  return useChange<Blob | null, Card, Card>({
    send: async (octets, overruled) => {
      let answer: Awaited<ReturnType<typeof send<Card>>> | undefined
      for (const { id, etag, details } of cards) {
        const now = await read<Card>(`/cards/${id}`)
        const isSame = JSON.stringify(now.data.details.photo) === JSON.stringify(details.photo)
        const tag = isSame || overruled !== undefined ? now.data.etag : etag
        const sending = octets === null ? { etag: tag } : { etag: tag, octets }
        answer = await send<Card>(octets === null ? 'DELETE' : 'PUT', `/cards/${id}/photo`, sending)
        if (answer.request !== undefined) requests.current.push(answer.request)
      }
      if (!answer) throw new Error('There is no card to change.')
      return answer
    },
    written: 'staying',
    onTheirs: onDone,
    theirs: () => read<Card>(`/cards/${cards[0]?.id}`),
    keys: [['card'], ['party', partyId], ['parties']],
    back: () => {
      const made = requests.current.splice(0).toReversed()
      return () => undoRequests(made)
    },
    said: (octets) => (octets === null ? t('photo.removed') : t('saved')),
    onDone,
  })
}

interface CropperProps {
  readonly cropping: Cropping
  readonly onChange: (cropping: Cropping) => void
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-10, 0],
  ArrowRight: [10, 0],
  ArrowUp: [0, -10],
  ArrowDown: [0, 10],
}

/** What of a picture is kept: moved by hand or by the arrow keys, zoomed by a slider. */
function Cropper({ cropping, onChange }: CropperProps) {
  const { t } = useTranslation('person')
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current) drawCropped(canvas.current, cropping, shownSize)
  }, [cropping])
  return (
    <>
      <canvas
        ref={canvas}
        width={shownSize}
        height={shownSize}
        className="cropper"
        tabIndex={0}
        role="img"
        aria-label={t('photo.move')}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) => {
          if (event.buttons > 0) onChange(moved(cropping, event.movementX, event.movementY, shownSize))
        }}
        onKeyDown={(event) => {
          const step = steps[event.key]
          if (!step) return
          event.preventDefault()
          onChange(moved(cropping, step[0], step[1], shownSize))
        }}
      />
      <Slider
        w="100%"
        maw={shownSize}
        min={1}
        max={4}
        step={0.05}
        label={null}
        thumbLabel={t('photo.zoom')}
        value={cropping.zoom}
        onChange={(zoom) => onChange(zoomed(cropping, zoom))}
      />
    </>
  )
}
