import { Combobox, Text, Textarea, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconUsers } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Principal, usePrincipals } from '../../sharing/sharing.ts'
import { FailedPart } from '../../ui/states.tsx'

interface MentionFieldProps {
  readonly label: string
  readonly placeholder?: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly isFirst?: boolean
}

/** A text in which colleagues, and groups of them, are mentioned: after an `@` whoever is meant is found as one types. */
export function MentionField({ label, placeholder, value, onChange, isFirst = false }: MentionFieldProps) {
  const { t } = useTranslation('person')
  const field = useRef<HTMLTextAreaElement>(null)
  const [begun, setBegun] = useState<Begun>()
  const combobox = useCombobox()
  const { found, asked } = useMentioned(begun?.asked)
  const isOpen = begun !== undefined && found.length > 0
  const look = (): void => {
    const at = field.current?.selectionStart ?? 0
    setBegun(begunAt(field.current?.value ?? '', at))
    combobox.resetSelectedOption()
  }
  const mention = (name: string): void => {
    if (!begun) return
    const before = `${value.slice(0, begun.from)}@${name} `
    onChange(before + value.slice(begun.until))
    setBegun(undefined)
    requestAnimationFrame(() => field.current?.setSelectionRange(before.length, before.length))
  }
  return (
    <Combobox
      store={{ ...combobox, dropdownOpened: isOpen, closeDropdown: () => setBegun(undefined) }}
      onOptionSubmit={mention}
      withinPortal={false}
      position="bottom-start"
    >
      <Combobox.Target withAriaAttributes={false} withKeyboardNavigation={isOpen}>
        <Textarea
          ref={field}
          aria-label={label}
          placeholder={placeholder}
          autosize
          minRows={isFirst ? 4 : 2}
          maxRows={16}
          value={value}
          {...(isFirst && { 'data-autofocus': true })}
          onChange={(event) => {
            onChange(event.currentTarget.value)
            look()
          }}
          onSelect={look}
          onBlur={() => setBegun(undefined)}
        />
      </Combobox.Target>
      <FailedPart of={[asked]} />
      <Combobox.Dropdown>
        <Combobox.Options aria-label={t('entry.mention')}>
          {found.map(({ name, displayName, kind }) => (
            <Found key={name} {...{ name, displayName, kind }} />
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** Somebody who may be meant, or a group. */
function Found({ name, displayName, kind }: Pick<Principal, 'name' | 'displayName' | 'kind'>) {
  return (
    <Combobox.Option value={name} onMouseDown={(event) => event.preventDefault()}>
      {kind === 'group' && <IconUsers size={14} aria-hidden style={{ marginInlineEnd: 6 }} />}
      <Text span size="sm">
        {displayName}
      </Text>
      <Text span size="xs" c="dimmed" ms={6}>
        {`@${name}`}
      </Text>
    </Combobox.Option>
  )
}

/** A mention that is being written. */
interface Begun {
  readonly asked: string
  readonly from: number
  readonly until: number
}

/** The mention in which the caret stands. @see htmlOf */
function begunAt(text: string, caret: number): Begun | undefined {
  const [, asked] = /(?:^|[\s(])@([\p{L}\p{N}._-]{0,40})$/u.exec(text.slice(0, caret)) ?? []
  return asked === undefined ? undefined : { asked, from: caret - asked.length - 1, until: caret }
}

const nobody: readonly Principal[] = []

/** Only names that a mention can be made of. */
function useMentioned(text: string | undefined) {
  const [settled] = useDebouncedValue(text ?? '', 100)
  const asked = usePrincipals(settled, { isWanted: text !== undefined })
  const { data = nobody } = asked
  const found = (text === undefined ? nobody : data)
    .filter(
      ({ kind, name }) =>
        (kind === 'user' || kind === 'group') && /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(name),
    )
    .slice(0, 6)
  return { found, asked }
}
