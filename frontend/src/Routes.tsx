/** Which area an address belongs to. Each is loaded when entered, with its texts. */
import { lazy, Suspense, type ComponentType, type LazyExoticComponent, type ReactElement } from 'react';
import { Route, Switch } from 'wouter';
import { texts, type Area } from './i18n/index.ts';
import { AreaBoundary } from './ui/AreaBoundary.tsx';
import { Skeleton } from './ui/States.tsx';

type Page = { default: ComponentType };

function area(name: Area, load: () => Promise<Page>): LazyExoticComponent<ComponentType> {
  return lazy(async () => {
    const [page] = await Promise.all([load(), texts.load(name)]);
    return page;
  });
}

const Chat = area('chat', () => import('./chat/index.tsx'));
const Session = area('core', () => import('./session/index.tsx'));
const Console = area('console', () => import('./admin/index.tsx'));
const Signup = area('platform', () => import('./platform/signup/index.tsx'));
const Operator = area('platform', () => import('./platform/operator/index.tsx'));

export function Routes(): ReactElement {
  return (
    <AreaBoundary>
      <Suspense fallback={<Skeleton />}>
        <Switch>
          <Route path="/signin" component={Session} />
          <Route path="/password" component={Session} />
          <Route path="/set-password" component={Session} />
          <Route path="/forgot" component={Session} />
          <Route path="/signup" component={Signup} />
          <Route path="/console/*?" component={Console} />
          <Route path="/operator/*?" component={Operator} />
          <Route component={Chat} />
        </Switch>
      </Suspense>
    </AreaBoundary>
  );
}
