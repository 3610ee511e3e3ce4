import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './theme/mantine.css';
import './theme/tokens.css';
import './theme/base.css';
import './ui/ui.css';
import './shell/shell.css';
import { takeLoginToken } from './api/login-token.js';
import { createQueryClient } from './api/query-client.js';
import { createAppRouter } from './router.js';
import { cssVariables, schemeManager, theme } from './theme/theme.js';

// Before the router reads the URL: the token must not stay in the address bar or in the history.
takeLoginToken();
const queries = createQueryClient(() => {
  // A fresh page: nothing of the session that ended stays in memory. A wrong password is a 401 as well.
  if (location.pathname === '/login') return;
  const here = location.pathname + location.search;
  location.assign(`/login?${new URLSearchParams({ next: here }).toString()}`);
});
const router = createAppRouter(queries);

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no element with the id "root".');
createRoot(element).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
      <Notifications position="bottom-right" limit={3} />
    </MantineProvider>
  </StrictMode>,
);
