import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Place, type Sighted, useLook, useReason } from './moves.ts'

interface MovePlaceProps {
  readonly place: Place
  readonly onChange: (place: Place) => void
  readonly onFound: (place: Place, found: readonly Sighted[]) => void
}

/** Where the other server is, and who one is there. Nothing begins before what is there has been looked at. */
export function MovePlace({ place, onChange, onFound }: MovePlaceProps) {
  const { t } = useTranslation('import')
  const look = useLook(onFound)
  const reasonOf = useReason()
  const { url, user, password } = place
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        look.mutate(place)
      }}
    >
      <Stack maw={480}>
        <Text size="sm">{t('moveWhy')}</Text>
        <TextInput
          label={t('address')}
          type="url"
          required
          value={url}
          onChange={({ currentTarget }) => onChange({ ...place, url: currentTarget.value })}
        />
        <TextInput
          label={t('user')}
          required
          autoComplete="off"
          value={user}
          onChange={({ currentTarget }) => onChange({ ...place, user: currentTarget.value })}
        />
        <PasswordInput
          label={t('password')}
          description={t('passwordWhy')}
          required
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
          value={password}
          onChange={({ currentTarget }) => onChange({ ...place, password: currentTarget.value })}
        />
        {look.error && (
          <Alert color="red" role="alert" title={t('states.failed')}>
            {reasonOf(look.error, url)}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={look.isPending}>
            {t('moving.look')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
