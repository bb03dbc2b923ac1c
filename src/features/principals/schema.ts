import { z } from 'zod'

const kinds = ['user', 'group', 'room', 'resource'] as const

export const principalsQuery = z.object({
  /** Part of a name, or of a mail address. */
  q: z.string().max(200).default(''),
  /** With commas between them; without it, all. */
  kinds: z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(kinds)))
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

export const principalList = z.object({
  items: z.array(
    z.object({
      id: z.int(),
      /** By which shares and roles name it. */
      name: z.string(),
      displayName: z.string(),
      kind: z.enum(kinds),
      email: z.string().nullable(),
    }),
  ),
})
