import { ActionIcon, ColorSwatch, Group, Popover } from '@mantine/core'
import { IconCheck, IconPaletteOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Colours that can be told apart, on light and on dark ground. */
const colors = {
  grey: '#868e96',
  red: '#e03131',
  pink: '#d6336c',
  purple: '#9c36b5',
  blue: '#1c7ed6',
  teal: '#0c8599',
  green: '#2f9e44',
  yellow: '#f08c00',
  orange: '#e8590c',
  brown: '#8d5524',
} as const

interface ColorFieldProps {
  /** Empty for none. */
  readonly color: string
  /** Of what has it. */
  readonly name: string
  readonly onChange: (color: string) => void
}

/** The colour of something, and others to choose from. */
export function ColorField({ color, name, onChange }: ColorFieldProps) {
  const { t } = useTranslation('fields')
  const [isOpen, setIsOpen] = useState(false)
  const choose = (next: string) => () => {
    onChange(next)
    setIsOpen(false)
  }
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-start"
      trapFocus
      returnFocus
      withinPortal={false}
    >
      <Popover.Target>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('colorOf', { name })}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {color === '' ? <IconPaletteOff size={16} /> : <ColorSwatch color={color} size={18} />}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Group gap={6} w={190} role="group" aria-label={t('colorOf', { name })}>
          {Object.entries(colors).map(([word, value]) => (
            <ColorSwatch
              key={word}
              component="button"
              type="button"
              color={value}
              size={28}
              aria-label={t(`colors.${word}`)}
              aria-pressed={color === value}
              onClick={choose(value)}
            >
              {color === value && <IconCheck size={16} color="white" />}
            </ColorSwatch>
          ))}
          <ActionIcon variant="default" size={28} aria-label={t('colors.none')} onClick={choose('')}>
            <IconPaletteOff size={16} />
          </ActionIcon>
        </Group>
      </Popover.Dropdown>
    </Popover>
  )
}
