import { button } from './dom.js';

const KEY = 'ops-console-theme';
const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** Follows the system until somebody says otherwise. `onChange` is for what is drawn and not styled. */
export function themeButton(onChange: () => void): HTMLButtonElement {
  const system = matchMedia('(prefers-color-scheme: dark)');
  let theme = stored();
  const toggle = button('', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
    store(theme);
    apply();
  });

  function apply(): void {
    const isDark = theme === 'dark' || (theme === 'auto' && system.matches);
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    toggle.textContent = { auto: '◐ Auto', light: '☀ Light', dark: '☾ Dark' }[theme];
    toggle.setAttribute('aria-label', `Colours: ${theme}. Change`);
    onChange();
  }

  system.addEventListener('change', apply);
  apply();
  return toggle;
}

function stored(): Theme {
  try {
    const said = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === said) ?? 'auto';
  } catch {
    // A browser may keep nothing of a page.
    return 'auto';
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Then it holds until the page is left.
  }
}
