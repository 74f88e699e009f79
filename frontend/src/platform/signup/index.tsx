/** Public sign-up in three steps, with its progress shown. */
import { useEffect, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { DeploymentDocument } from '../../gql/platform/platform.ts';
import { useWords } from '../../i18n/react.ts';
import styles from '../../session/auth.module.css';
import { AuthLayout } from '../../session/AuthLayout.tsx';
import { platformClient } from '../../session/client.ts';
import { ErrorState, Skeleton } from '../../ui/States.tsx';
import { SignupCode } from './SignupCode.tsx';
import { SignupDone } from './SignupDone.tsx';
import { SignupForm } from './SignupForm.tsx';
import { useSignup, type Deployment, type SignupModel } from './useSignup.ts';

const STEPS: SignupModel['step'][] = ['form', 'code', 'done'];

export default function SignupPage(): ReactElement {
  const { t } = useWords();
  const [deployment, setDeployment] = useState<Deployment | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    platformClient.request(DeploymentDocument, {}, abort.signal)
      .then((answer) => setDeployment(answer.deployment))
      .catch((reason: unknown) => {
        if (!abort.signal.aborted) setError(reason);
      });
    return () => abort.abort();
  }, [tries]);
  if (deployment) return <Signup deployment={deployment} />;
  return (
    <AuthLayout title={t('signup.title')} wide>
      {error
        ? <ErrorState error={error} onRetry={() => { setError(null); setTries(tries + 1); }} />
        : <Skeleton rows={5} avatars={false} />}
    </AuthLayout>
  );
}

function Signup({ deployment }: { deployment: Deployment }): ReactElement {
  const { t } = useWords();
  const model = useSignup(deployment);
  const lead = t('signup.lead', { seats: deployment.trialSeats, days: deployment.trialDays });
  return (
    <AuthLayout
      title={t(model.step === 'done' ? 'signup.doneTitle' : 'signup.title')} wide
      lead={model.step === 'form' ? lead : undefined}
      foot={model.step === 'done' ? null : <Link href="/signin">{t('signup.toSignIn')}</Link>}
    >
      <Progress step={model.step} />
      {model.step === 'form' ? <SignupForm model={model} deployment={deployment} /> : null}
      {model.step === 'code' ? <SignupCode model={model} localMailbox={deployment.localMailbox} /> : null}
      {model.step === 'done' && model.signedUp ? <SignupDone tenant={model.signedUp} /> : null}
    </AuthLayout>
  );
}

function Progress({ step }: { step: SignupModel['step'] }): ReactElement {
  const { t } = useWords();
  const now = STEPS.indexOf(step);
  const name = (index: number): string => (index < now ? 'stepDone' : index === now ? 'stepNow' : '');
  return (
    <ol className={styles['steps']}>
      {STEPS.map((one, index) => (
        <li
          key={one} className={`${styles['step']} ${styles[name(index)] ?? ''}`}
          aria-current={index === now ? 'step' : undefined}
        >
          {t(`signup.step.${one}`)}
        </li>
      ))}
    </ol>
  );
}
