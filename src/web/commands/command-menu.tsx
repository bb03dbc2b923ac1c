import './command-menu.css'
import { Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { FailedPart } from '../ui/states.tsx'
import { type Command, useCommands } from './commands.ts'

/** Everything that can be reached by typing: people, companies, notes, parts of the app, and what the page can do. */
export function CommandMenu({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('commands')
  const { q, type, commands, hits, at, point, run, onKeyDown } = useChoice(onClose)
  return (
    <Dialog
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size="lg"
      yOffset="10dvh"
      attributes={{ content: { 'aria-label': t('title') } }}
      transitionProps={{ duration: 0 }}
    >
      <TextInput
        value={q}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        size="md"
        variant="unstyled"
        className="command-field"
        leftSection={<IconSearch size={18} />}
        placeholder={t('type')}
        aria-label={t('type')}
        role="combobox"
        aria-expanded
        aria-controls="commands"
        aria-activedescendant={commands[at] ? `command-${at}` : undefined}
        data-autofocus
      />
      <div
        id="commands"
        role="listbox"
        aria-label={t('title')}
        aria-busy={hits.isFetching}
        className="commands"
      >
        {commands.map((command, index) => (
          <Line
            key={command.id}
            {...{ command, index }}
            isActive={index === at}
            onPoint={() => point(index)}
            onRun={() => run(command)}
          />
        ))}
      </div>
      <FailedPart of={[hits]} />
      {commands.length === 0 && !hits.error && (
        <Text c="dimmed" p="md" role="status">
          {t('nothing')}
        </Text>
      )}
    </Dialog>
  )
}

/** What is typed, what fits to it, and which of it Enter does. */
function useChoice(onClose: () => void) {
  const [q, setQ] = useState('')
  const [active, setActive] = useState(0)
  const { commands, hits } = useCommands(q)
  const at = Math.max(0, Math.min(active, commands.length - 1))
  const run = (command: Command | undefined): void => {
    if (!command) return
    onClose()
    command.act()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1 }
    const to = steps[event.key]
    if (to !== undefined) setActive((to + commands.length) % Math.max(1, commands.length))
    else if (event.key === 'Enter') run(commands[at])
    else return
    event.preventDefault()
  }
  const type = (text: string): void => {
    setQ(text)
    setActive(0)
  }
  return { q, type, commands, hits, at, point: setActive, run, onKeyDown }
}

interface LineProps {
  readonly command: Command
  readonly index: number
  readonly isActive: boolean
  readonly onPoint: () => void
  readonly onRun: () => void
}

function Line({ command: { text, about, icon: Icon, key }, index, isActive, onPoint, onRun }: LineProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which stays in focus
    <div
      id={`command-${index}`}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className="command"
      ref={(line) => {
        if (isActive) line?.scrollIntoView({ block: 'nearest' })
      }}
      onPointerMove={onPoint}
      onClick={onRun}
    >
      <Icon size={18} aria-hidden />
      <span className="command-text">{text}</span>
      <Text component="span" size="sm" c="dimmed" truncate>
        {about}
      </Text>
      {key}
    </div>
  )
}
