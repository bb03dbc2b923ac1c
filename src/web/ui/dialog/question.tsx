import { Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Question } from '../confirm.tsx'
import { Dialog } from './dialog.tsx'

/** Above a form that was brought to the front. */
const aboveForms = 260

interface QuestionDialogProps extends Question {
  readonly answer: (isMeant: boolean) => void
}

/** A question that is answered before the page goes on; closing it is a no. */
export function QuestionDialog({ title, text, act, isDangerous = false, answer }: QuestionDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog onClose={() => answer(false)} title={title} centered zIndex={aboveForms}>
      <Stack>
        <Text>{text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => answer(false)} data-autofocus>
            {t('app.cancel')}
          </Button>
          <Button {...(isDangerous && { color: 'red.9' })} onClick={() => answer(true)}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
