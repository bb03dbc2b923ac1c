import { Badge, type CSSVariablesResolver, createTheme, type MantineColorsTuple, Menu } from '@mantine/core'

/** From the lightest to the darkest shade; white text on 7 has a contrast of 5.9 : 1. */
const pine: MantineColorsTuple = [
  '#edf7f3',
  '#dcebe5',
  '#b4d8ca',
  '#8ac4ad',
  '#67b395',
  '#50a986',
  '#43a47e',
  '#2f6f5e',
  '#28604f',
  '#1c5240',
]

/** A long list of choices scrolls by itself: its field leads through it, so it needs no place of its own for the keyboard. */
const choices = {
  defaultProps: { withScrollArea: false },
  styles: { options: { maxBlockSize: 250, overflowY: 'auto' } },
} as const

export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 7 },
  colors: { pine },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  // What a page is called has one size, wherever it stands.
  headings: { sizes: { h2: { fontSize: '1.375rem', lineHeight: '1.4' } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    // Beside a long text it is the text that is shortened.
    Badge: Badge.extend({ styles: { root: { flexShrink: 0, textTransform: 'none' } } }),
    // An open menu has the focus on its first item: it is not held by something that is none (WAI-ARIA, menu).
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    ...{ Autocomplete: choices, MultiSelect: choices, Select: choices, TagsInput: choices },
    // The page has one header (ARIA, banner); that of a dialog is none.
    ModalHeader: { defaultProps: { component: 'div' } },
    DrawerHeader: { defaultProps: { component: 'div' } },
  },
})

/**
 * What is said by the way, what a field hints at and what is wrong is still read by everybody: 4.5 : 1 and more on every ground
 * of the app (WCAG 2.2, 1.4.3); where the focus is, which tab is open and where a box is to be ticked is seen: 3 : 1 (1.4.11).
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...{ '--mantine-color-dimmed': '#5c636a', '--mantine-color-error': 'var(--mantine-color-red-9)' },
    ...{ '--mantine-color-placeholder': '#6c737a', '--focus': 'var(--mantine-color-pine-7)' },
    '--outline': 'var(--mantine-color-gray-6)',
  },
  dark: {
    ...{ '--mantine-color-dimmed': '#a6a7ab', '--mantine-color-error': 'var(--mantine-color-red-3)' },
    ...{ '--mantine-color-placeholder': '#989a9e', '--focus': 'var(--mantine-color-pine-4)' },
    '--outline': 'var(--mantine-color-dark-2)',
  },
})
