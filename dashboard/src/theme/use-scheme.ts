import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';

export type Scheme = 'light' | 'dark';

/** `scheme` is what is on the screen now; `choice` may be `auto`, which follows the system. */
export function useScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme: Scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  return { scheme, choice: colorScheme, choose: setColorScheme };
}

/** The computed value of a token such as `--critical-fill`, for canvas charts. Read it anew when `scheme` changes. */
export function token(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
