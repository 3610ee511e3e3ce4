import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMenu2 } from '@tabler/icons-react';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { LiveDot } from '../live/live-dot.js';
import { useLiveQueries } from '../live/use-live.js';
import { TimePicker } from '../time/time-picker.js';
import { AccountMenu } from './account-menu.js';
import { FinderButton } from './finder-button.js';
import { Help } from './help.js';
import { Mark } from './mark.js';
import { Nav } from './nav.js';
import { hasTimeRange } from './places.js';
import { useGoKeys } from './use-go-keys.js';

const Finder = lazy(() => import('./finder.js').then((module) => ({ default: module.Finder })));

/** The frame of every page behind the login. */
export function AppLayout() {
  const [navOpened, nav] = useDisclosure(false);
  const [helpOpened, help] = useDisclosure(false);
  useLiveQueries();
  const ranged = useRouterState({ select: ({ location }) => hasTimeRange(location.pathname) });
  const [asked, setAsked] = useState(0);
  const find = () => setAsked((times) => times + 1);
  useGoKeys({ onHelp: help.toggle, onFind: find });
  return (
    <div className="app">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <div className="app-nav">
        <Nav onGo={nav.close} />
      </div>
      <Drawer
        opened={navOpened}
        onClose={nav.close}
        size={256}
        withCloseButton={false}
        padding={0}
        title={undefined}
      >
        <Nav onGo={nav.close} />
      </Drawer>
      <div className="app-body">
        <header className="app-header">
          <ActionIcon
            className="app-burger"
            variant="subtle"
            size="lg"
            aria-label="Pages"
            aria-expanded={navOpened}
            onClick={nav.open}
          >
            <IconMenu2 size={20} />
          </ActionIcon>
          <span className="app-header-mark">
            <Mark size={28} />
          </span>
          <FinderButton onClick={find} />
          <div className="app-header-end">
            <LiveDot />
            <TimePicker refreshOnly={!ranged} />
            <AccountMenu onHelp={help.open} />
          </div>
        </header>
        <main id="main" className="page" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      {asked === 0 ? null : (
        <Suspense>
          <Finder asked={asked} />
        </Suspense>
      )}
      <Help opened={helpOpened} onClose={help.close} />
    </div>
  );
}
