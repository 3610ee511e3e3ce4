import {
  createTheme,
  defaultVariantColorsResolver,
  localStorageColorSchemeManager,
  type CSSVariablesResolver,
} from '@mantine/core';

/** The same key as in public/scheme.js. */
export const schemeManager = localStorageColorSchemeManager({ key: 'lemni-scheme' });

/**
 * Mantine gives behaviour, tokens.css gives colour: buttons that act are ink on paper, so that blue, red, amber,
 * green, violet and teal keep their meanings.
 */
export const theme = createTheme({
  primaryColor: 'gray',
  // Text to ground, as in tokens.css: what Mantine draws with its own greys in the dark belongs to the same family.
  colors: {
    // prettier-ignore
    dark: ['#e9ecef', '#bcc3cc', '#929ca8', '#6b7582', '#3b434e', '#242930', '#1a1e23', '#0e1013', '#0a0c0e', '#060708'],
  },
  fontFamily: 'var(--font-sans)',
  fontFamilyMonospace: 'var(--font-mono)',
  defaultRadius: 'sm',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  fontSizes: {
    xs: 'var(--fs-small)',
    sm: 'var(--fs-body)',
    md: 'var(--fs-lead)',
    lg: 'var(--fs-section)',
    xl: 'var(--fs-title)',
  },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver: (input) => {
    const defaults = defaultVariantColorsResolver(input);
    if (input.variant !== 'filled' || input.color !== 'gray') return defaults;
    return {
      ...defaults,
      background: 'var(--ink)',
      hover: 'var(--ink-hover)',
      color: 'var(--on-ink)',
      hoverColor: 'var(--on-ink)',
    };
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { iconColor: 'var(--on-ink)' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false, multiline: true, maw: 320 } },
    Popover: { defaultProps: { shadow: 'none' } },
    Menu: { defaultProps: { shadow: 'none' } },
  },
});

const shared = {
  '--mantine-color-body': 'var(--canvas)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-muted)',
  '--mantine-color-placeholder': 'var(--text-muted)',
  '--mantine-color-anchor': 'var(--information)',
  '--mantine-color-error': 'var(--critical)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--hover)',
  '--mantine-color-disabled-color': 'var(--text-muted)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--ink)',
  '--mantine-primary-color-filled-hover': 'var(--ink-hover)',
  '--mantine-primary-color-contrast': 'var(--on-ink)',
  '--mantine-color-gray-filled': 'var(--ink)',
  '--mantine-color-gray-filled-hover': 'var(--ink-hover)',
  '--mantine-color-gray-light': 'var(--sunken)',
  '--mantine-color-gray-light-hover': 'var(--hover)',
  '--mantine-color-gray-light-color': 'var(--text)',
  '--mantine-color-gray-outline': 'var(--line-strong)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
