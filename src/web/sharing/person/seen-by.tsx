import { Text } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { seenBy } from '../../../features/grants/schema.ts'
import { get } from '../../client/api.ts'
import { Fact } from '../../person/fact.tsx'
import { keys, type Party } from '../../person/person.ts'
import { Section } from '../../person/section.tsx'
import { Part } from '../../ui/states.tsx'

type Seeing = z.infer<typeof seenBy>['items'][number]

/** Who else sees somebody, by what, and whether all of him. */
export function SeenBy({ party }: { readonly party: Party }) {
  const { t } = useTranslation('sharing')
  const seen = useQuery({
    queryKey: keys.fact(party.id, 'access'),
    queryFn: ({ signal }) => get<z.infer<typeof seenBy>>(`/parties/${party.id}/access`, signal),
    select: ({ items }) => items,
  })
  return (
    <Part of={seen}>
      {(items) =>
        items.length > 0 && (
          <Section title={t('seenBy')}>
            <ul className="facts">
              {items.map((one, index) => (
                <Fact
                  key={`${one.by} ${one.title} ${one.who.name}`}
                  icon={index === 0 ? IconEye : undefined}
                  label={one.who.displayName || one.who.name}
                >
                  <How seeing={one} />
                </Fact>
              ))}
            </ul>
          </Section>
        )
      }
    </Part>
  )
}

function How({ seeing: { by, title, access, isMasked } }: { readonly seeing: Seeing }) {
  const { t } = useTranslation('sharing')
  return (
    <>
      {t(`by.${by}`, { title })}
      {by !== 'owner' && (
        <Text size="sm" c="dimmed">
          {[t(`access.${access}`), isMasked ? t('masked') : ''].filter((text) => text !== '').join(' · ')}
        </Text>
      )}
    </>
  )
}
