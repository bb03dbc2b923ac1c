import { ActionIcon, CloseButton, Menu, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconArrowsSort, IconFilter, IconMenu2, IconPlus, IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useKey } from '../../ui/keys.ts'
import { type Order, orders, type Viewing } from './view.ts'

/** Keys that come so soon after each other are one question. */
const typingMs = 60

interface ToolbarProps {
  readonly viewing: Viewing
  /** Opens the sides where they are not beside the list. */
  readonly onSides: (() => void) | undefined
  readonly onFilter: () => void
  readonly onNew: () => void
}

/** What is looked for, in which order, and what can be done with the list. */
export function Toolbar({ viewing: { view, show }, onSides, onFilter, onNew }: ToolbarProps) {
  const { t } = useTranslation('contacts')
  useKey('n', t('new.title'), onNew)
  return (
    <div className="list-toolbar" role="toolbar" aria-label={t('toolbar')}>
      {onSides && (
        <ActionIcon variant="subtle" color="gray" size="lg" onClick={onSides} aria-label={t('sides.all')}>
          <IconMenu2 size={20} />
        </ActionIcon>
      )}
      <SearchField q={view.q} onChange={(q) => show({ q }, { replace: true })} />
      <ActionIcon
        variant={view.filter ? 'light' : 'subtle'}
        {...(!view.filter && { color: 'gray' })}
        size="lg"
        onClick={onFilter}
        aria-label={t('filter.title')}
      >
        <IconFilter size={20} />
      </ActionIcon>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('order')}>
            <IconArrowsSort size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('order')}</Menu.Label>
          <Menu.RadioGroup value={view.order} onChange={(order) => show({ order: order as Order })}>
            {orders.map((order) => (
              <Menu.RadioItem key={order} value={order} closeMenuOnClick>
                {t(`orders.${order.startsWith('-') ? `${order.slice(1)}Down` : order}`)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon size="lg" onClick={onNew} aria-label={t('new.title')}>
        <IconPlus size={20} />
      </ActionIcon>
    </div>
  )
}

interface SearchFieldProps {
  readonly q: string
  readonly onChange: (q: string) => void
}

/** What is typed is looked for at once; an arrow goes on to who is found, and Enter opens the first. */
function SearchField({ q, onChange }: SearchFieldProps) {
  const { t } = useTranslation('contacts')
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(q)
  const tell = useDebouncedCallback(onChange, typingMs)
  const sent = useRef(q)
  const [entered, setEntered] = useState('')
  useOpenFirst(entered !== '' && entered === q, () => setEntered(''))
  // Another view was chosen: what was looked for in the one before is no more.
  useEffect(() => {
    if (q !== sent.current) {
      setText(q)
      setEntered('')
    }
    sent.current = q
  }, [q])
  useKey('/', t('search'), () => field.current?.focus())
  const set = (next: string): void => {
    setEntered('')
    setText(next)
    sent.current = next.trim()
    tell(next.trim())
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // The key is that of an input method, which has not ended a word yet.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') set('')
    if (event.key === 'Enter') setEntered(text.trim())
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    document.querySelector<HTMLElement>('.people-frame a[tabindex="0"], .people-frame .hits a')?.focus()
  }
  return (
    <TextInput
      ref={field}
      type="search"
      className="list-search"
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={() => setEntered('')}
      placeholder={t('search')}
      aria-label={t('search')}
      leftSection={<IconSearch size={16} />}
      rightSection={text !== '' && <CloseButton size="sm" onClick={() => set('')} aria-label={t('clear')} />}
    />
  )
}

/**
 * Opens the first who is found, once that is known: what is shown may still be what was found before.
 * @param onEnd  called then, also where nobody is found
 */
function useOpenFirst(isWanted: boolean, onEnd: () => void): void {
  const ended = useEffectEvent(onEnd)
  useEffect(() => {
    if (!isWanted) return
    const timer = setInterval(() => {
      const hits = document.querySelector<HTMLElement>('.people-list .hits')
      if (hits?.getAttribute('aria-busy') === 'true') return
      // Among some of them the list itself is shown, which is walked through by the arrows.
      if (!hits && !document.querySelector('.people-list .people-frame')) return
      clearInterval(timer)
      ended()
      hits?.querySelector('a')?.click()
    }, 50)
    return () => clearInterval(timer)
  }, [isWanted])
}
