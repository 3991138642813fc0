import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** The primary colour: deep water, calm beside the numbers. White on shade 6 and darker has 4.5:1. */
const tide: MantineColorsTuple = [
  '#e9f6f8',
  '#d2ecf0',
  '#a5d9e1',
  '#74c4d0',
  '#48aebd',
  '#2695a5',
  '#12798a',
  '#0b6473',
  '#0a515d',
  '#073f49',
]

const gray: MantineColorsTuple = [
  '#f6f8f9',
  '#eef2f4',
  '#e2e8eb',
  '#d2dade',
  '#b7c2c8',
  '#93a0a8',
  '#63717b',
  '#4b5862',
  '#343e47',
  '#1d252c',
]

const dark: MantineColorsTuple = [
  '#d8dfe5',
  '#b9c4cd',
  '#9aa8b3',
  '#7d8b97',
  '#3c4751',
  '#2c353e',
  '#1e262d',
  '#141a20',
  '#0f1418',
  '#0a0e11',
]

const small = { fontSize: 'var(--mantine-font-size-xs)', lineHeight: 1.4 }

/** The look of every page: dense, calm, with Inter and figures that line up. */
export const theme = createTheme({
  primaryColor: 'tide',
  primaryShade: { light: 7, dark: 6 },
  colors: { tide, gray, dark },
  black: '#172026',
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.25rem', xl: '1.75rem' },
  defaultRadius: 'md',
  radius: { sm: '4px', md: '6px', lg: '10px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    InputWrapper: { styles: { description: small, error: small } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Button: { defaultProps: { size: 'sm' } },
    // The head of a dialog is no banner of the page.
    Modal: {
      defaultProps: {
        centered: true,
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'presentation' } },
        styles: { title: { fontSize: 'var(--mantine-font-size-lg)', fontWeight: 650 } },
      },
    },
    Drawer: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'presentation' } },
        styles: { title: { fontSize: 'var(--mantine-font-size-lg)', fontWeight: 650 } },
      },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm', fz: 'sm' } },
    // The list itself scrolls: an area inside it would need focus of its own.
    Select: {
      defaultProps: { withScrollArea: false, styles: { options: { maxHeight: 240, overflowY: 'auto' } } },
    },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
})

/** Colours by their use, so that style sheets name none: both schemes have 4.5:1 for text, 3:1 for marks. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#55626c',
    '--mantine-color-placeholder': '#63717b',
    '--mantine-color-error': '#b42318',
    '--mantine-color-default-border': 'var(--mantine-color-gray-4)',
    '--mantine-color-red-outline': '#b42318',
    '--mantine-color-yellow-outline': '#8a5300',
    '--hf-canvas': 'var(--mantine-color-gray-0)',
    '--hf-surface': '#ffffff',
    '--hf-line': 'var(--mantine-color-gray-2)',
    '--hf-grid': 'var(--mantine-color-gray-2)',
    '--hf-bar': 'var(--mantine-color-tide-0)',
    '--hf-series': 'var(--mantine-color-tide-6)',
    '--hf-series-area': 'rgba(18, 121, 138, 0.12)',
    '--hf-before': 'var(--mantine-color-gray-6)',
    '--hf-good': '#11703f',
    '--hf-warn': '#8a5300',
    '--hf-bad': '#b42318',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-2)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--mantine-color-error': '#ff9b8f',
    '--mantine-color-anchor': 'var(--mantine-color-tide-3)',
    '--mantine-color-red-outline': '#ff9b8f',
    '--mantine-color-yellow-outline': '#f2b45c',
    '--hf-canvas': 'var(--mantine-color-dark-8)',
    '--hf-surface': 'var(--mantine-color-dark-7)',
    '--hf-line': 'var(--mantine-color-dark-5)',
    '--hf-grid': 'var(--mantine-color-dark-5)',
    '--hf-bar': 'rgba(38, 149, 165, 0.2)',
    '--hf-series': 'var(--mantine-color-tide-4)',
    '--hf-series-area': 'rgba(72, 174, 189, 0.16)',
    '--hf-before': 'var(--mantine-color-dark-2)',
    '--hf-good': '#6fd39b',
    '--hf-warn': '#f2b45c',
    '--hf-bad': '#ff9b8f',
  },
})
