/** Which area an address belongs to. Each is loaded when entered, with its texts. */
import { lazy, Suspense, type ComponentType, type LazyExoticComponent, type ReactElement } from 'react';
import { Route, Switch } from 'wouter';
import { texts, type Area } from './i18n/index.ts';
import { AreaBoundary } from './ui/AreaBoundary.tsx';
import { Skeleton } from './ui/States.tsx';

type Page = { default: ComponentType };

function area(load: () => Promise<Page>, ...areas: Area[]): LazyExoticComponent<ComponentType> {
  return lazy(async () => {
    const [page] = await Promise.all([load(), ...areas.map((name) => texts.load(name))]);
    return page;
  });
}

const Chat = area(() => import('./chat/index.tsx'), 'chat');
const Session = area(() => import('./session/index.tsx'));
const Help = area(() => import('./session/HelpPage.tsx'), 'help');
const Console = area(() => import('./admin/index.tsx'), 'desk', 'console');
const Signup = area(() => import('./platform/signup/index.tsx'), 'desk', 'platform');
const Operator = area(() => import('./platform/operator/index.tsx'), 'desk', 'platform');

/** Forms and consoles are no lists: nothing is drawn that would not be there. */
const ROWS_WHILE_LOADING = /^\/($|c\/|people)/.test(location.pathname) ? 8 : 0;

export function Routes(): ReactElement {
  return (
    <AreaBoundary>
      <Suspense fallback={<Skeleton rows={ROWS_WHILE_LOADING} />}>
        <Switch>
          <Route path="/signin" component={Session} />
          <Route path="/password" component={Session} />
          <Route path="/set-password" component={Session} />
          <Route path="/forgot" component={Session} />
          <Route path="/help" component={Help} />
          <Route path="/signup" component={Signup} />
          <Route path="/console/*?" component={Console} />
          <Route path="/operator/*?" component={Operator} />
          <Route component={Chat} />
        </Switch>
      </Suspense>
    </AreaBoundary>
  );
}
