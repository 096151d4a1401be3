import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const seal: MantineColorsTuple = [
  '#fbeeea',
  '#f6d9d1',
  '#ecb3a5',
  '#e18b77',
  '#d86a52',
  '#cf4a30',
  '#c5341f',
  '#b02c19',
  '#9f2615',
  '#7f1d0f',
]
const jade: MantineColorsTuple = [
  '#e8f3ef',
  '#d0e6de',
  '#a3cebf',
  '#73b49d',
  '#4b9b80',
  '#33856a',
  '#22705a',
  '#1c5f4c',
  '#164c3d',
  '#0f382d',
]
const amber: MantineColorsTuple = [
  '#fdf3e1',
  '#fae5bf',
  '#f3cc85',
  '#e8b04c',
  '#d99724',
  '#b97a0b',
  '#9a6200',
  '#835300',
  '#6b4400',
  '#4e3200',
]
const ink: MantineColorsTuple = [
  '#fbf9f6',
  '#f5f2ed',
  '#f1eee8',
  '#e7e2da',
  '#d8d1c6',
  '#b8b0a5',
  '#8b857d',
  '#5d5852',
  '#3a3632',
  '#1d1b19',
]

const fontFamily =
  'system-ui, -apple-system, "Segoe UI", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif'

/** Paper, ink and one seal red, as Mantine understands them. The same tokens are CSS variables in `tokens.css`. */
export const theme = createTheme({
  colors: { seal, jade, amber, gray: ink },
  primaryColor: 'seal',
  primaryShade: 6,
  black: '#1d1b19',
  white: '#ffffff',
  fontFamily,
  headings: { fontFamily, fontWeight: '650' },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '10px', lg: '12px', xl: '20px' },
  shadows: {
    xs: 'none',
    sm: 'none',
    md: '0 4px 20px #1d1b1914',
    lg: '0 8px 30px #1d1b191a',
    xl: '0 8px 40px #1d1b1920',
  },
  fontSizes: { xs: '13px', sm: '14px', md: '16px', lg: '18px', xl: '20px' },
  lineHeights: { xs: '1.5', sm: '1.5', md: '1.6', lg: '1.6', xl: '1.5' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: false,
  components: {
    // By name, not by `Select.extend`: that would bring every component's code to the first page.
    Button: { defaultProps: { size: 'md' } },
    // In its landmark, and with nothing but its items inside: as screen readers and axe expect a menu.
    Menu: { defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    NumberInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    Select: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    PinInput: { defaultProps: { size: 'md' } },
    Checkbox: { defaultProps: { size: 'md' } },
    Radio: { defaultProps: { size: 'md' } },
    Alert: { defaultProps: { radius: 'lg' } },
    Card: { defaultProps: { withBorder: true, radius: 'lg', padding: 'lg' } },
  },
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbf9f6',
    '--mantine-color-text': '#1d1b19',
    '--mantine-color-dimmed': '#5d5852',
    '--mantine-color-placeholder': '#77716a',
    '--mantine-color-default-border': '#e7e2da',
    '--mantine-color-error': '#9f2615',
    '--mantine-color-anchor': '#9f2615',
  },
  dark: {},
})

/** The nonce that the server writes into the page: styles made at run time carry it, so that the CSP can be strict. */
export function styleNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')
  return meta?.nonce || meta?.getAttribute('nonce') || ''
}
