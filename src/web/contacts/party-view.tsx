import { Badge, Group, Stack, Text, Title } from '@mantine/core'
import { Face } from '../ui/face.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { useParty } from './contacts.ts'

/** Somebody, or a company, with what is known. */
export function PartyView({ id }: { readonly id: number }) {
  const { data, error, isPending, refetch } = useParty(id)
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const { name, roles, memberships } = data
  return (
    <Stack component="article" p="lg" gap="md">
      <Group>
        <Face name={name} size={64} />
        <Stack gap={4}>
          <Title order={2}>{name}</Title>
          <Group gap="xs">
            {roles.map((role) => (
              <Badge key={role} variant="default">
                {role}
              </Badge>
            ))}
          </Group>
        </Stack>
      </Group>
      {memberships.map(({ id: key, title, organisation, organisationName }) => (
        <Text key={key}>
          {[title, organisation?.name ?? organisationName].filter((part) => part !== '').join(' · ')}
        </Text>
      ))}
    </Stack>
  )
}
