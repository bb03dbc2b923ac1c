import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { servedObject } from '../../../features/devices/schema.ts'
import { get } from '../../client/api.ts'
import { Verdict } from '../../served/verdict.tsx'
import { Failed } from '../../ui/states.tsx'
import type { OneDevice } from '../admin.ts'

/** Why one event or contact is, or is not, on a device of somebody else: what it says is not shown. */
export function LookUp({ device }: { readonly device: OneDevice }) {
  const { t } = useTranslation('admin')
  const { mutate, data, error, isPending, variables } = useMutation({
    mutationFn: (object: string) =>
      get<z.infer<typeof servedObject>>(
        `/all-devices/${device.id}/served?${new URLSearchParams({ object })}`,
      ),
  })
  return (
    <Stack gap="sm">
      <Title order={4} size="h5">
        {t('lookUp.title')}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          mutate(String(new FormData(event.currentTarget).get('object')).trim())
        }}
      >
        <Group align="flex-end">
          <TextInput
            name="object"
            label={t('lookUp.what')}
            description={t('lookUp.how')}
            required
            withAsterisk={false}
            flex="1 1 260px"
            maw={480}
          />
          <Button type="submit" variant="default" loading={isPending}>
            {t('lookUp.find')}
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {error && <Failed error={error} again={() => mutate(variables ?? '')} />}
        {data && (
          <Stack gap="xs">
            <Text size="sm">
              {t('lookUp.found', { id: data.object.id, collection: data.object.collection.title })}
            </Text>
            <Verdict
              name={device.label}
              usedAt={device.lastUsedAt}
              served={data.served}
              object={data.object}
            />
          </Stack>
        )}
      </div>
    </Stack>
  )
}
