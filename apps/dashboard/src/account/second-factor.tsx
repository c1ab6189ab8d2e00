import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { secondFactorQuery } from '../api/queries.js';
import { Button } from '../ui/button.js';
import { Failure, Loading } from '../ui/states.js';
import { Ago } from '../ui/time.js';
import { RenewRecoveryCodes, TurnOffSecondFactor } from './second-factor-dialogs.js';
import { SetUpSecondFactor } from './set-up-second-factor.js';

/** Below this it is time for new ones. */
const RECOVERY_CODES_FEW = 3;

export function SecondFactor() {
  const query = useQuery(secondFactorQuery);
  const [open, setOpen] = useState<'set-up' | 'renew' | 'turn-off' | null>(null);
  const close = () => setOpen(null);
  const status = query.data;
  return (
    <section className="part" aria-labelledby="second-factor">
      <h2 id="second-factor">Second factor</h2>
      {query.error && !status ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : !status ? <Loading label="Loading" /> : status.enabled ? (
        <>
          <p><span className="tag good">On</span> <span className="dim">since {status.enabledAt !== null && <Ago at={status.enabledAt} />} · {status.recoveryCodesLeft} recovery {status.recoveryCodesLeft === 1 ? 'code' : 'codes'} left</span></p>
          {status.recoveryCodesLeft < RECOVERY_CODES_FEW && <p className="notice">Few recovery codes are left. Make new ones before you need them.</p>}
          <div className="form-foot">
            <Button onClick={() => setOpen('renew')}>New recovery codes</Button>
            {!status.required && <Button onClick={() => setOpen('turn-off')}>Turn off</Button>}
          </div>
        </>
      ) : (
        <>
          <p className="dim">A code from an authenticator app besides the password, so that a stolen password alone opens nothing.</p>
          <div className="form-foot"><Button kind="primary" onClick={() => setOpen('set-up')}>Set up</Button></div>
        </>
      )}
      {open === 'set-up' && <SetUpSecondFactor onClose={close} />}
      {open === 'renew' && <RenewRecoveryCodes onClose={close} />}
      {open === 'turn-off' && <TurnOffSecondFactor onClose={close} />}
    </section>
  );
}
