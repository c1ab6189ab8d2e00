import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/geist-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/alerts.css';
import './styles/detail.css';
import './styles/pages.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { setSessionLostHandler } from './api/http.js';
import { meQuery, queryClient } from './api/queries.js';
import { followUpgrade } from './app/follow-upgrade.js';
import { router } from './app/router.js';
import { Toasts } from './ui/toast.js';

setSessionLostHandler(() => {
  if (router.state.location.pathname === '/sign-in') return;
  const next = router.state.location.href;
  queryClient.removeQueries(meQuery);
  void router.navigate({ to: '/sign-in', search: { next }, replace: true });
});

followUpgrade();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
