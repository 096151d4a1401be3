import { useMemo } from 'react'
import {
  addPicture,
  checkIdentity,
  confirmCode,
  pollIdentity,
  refuseIdentity,
  resendCode,
  restartIdentity,
  submitPictures,
} from '@/features/signing/api'
import type { Ceremony } from '@/features/signing/ceremony-types'
import { Screen } from '@/features/signing/screen'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { keyOf } from '@/features/signing/use-ceremony'
import { type IdentityHost, IdentityHostContext } from './identity-host'
import { IdentityRefused } from './identity-refused'
import { IdentitySteps } from './identity-steps'

/** Real name, as a step of the ceremony. */
export function IdentityScreen() {
  const { rcp, ceremony, go } = useSigning()
  const { identity, recipient } = ceremony
  const host = useMemo<IdentityHost>(
    () => ({
      identity,
      name: recipient.name,
      isAgent: recipient.kind === 'organization',
      inAccount: false,
      Frame: Screen,
      Bar: StepBar,
      Refused: IdentityRefused,
      acts: {
        check: (body) => checkIdentity(rcp, body),
        code: (digits) => confirmCode(rcp, digits),
        resend: () => resendCode(rcp),
        restart: () => restartIdentity(rcp),
        poll: () => pollIdentity(rcp),
        refuse: (body) => refuseIdentity(rcp, body),
        addPicture: (part, picture) => addPicture(rcp, part, picture),
        submitPictures: () => submitPictures(rcp),
      },
      queryKey: keyOf(rcp),
      answered: (answer) => {
        const { step } = answer as Ceremony
        if (step !== 'identity') go(step)
      },
    }),
    [rcp, identity, recipient, go],
  )
  return (
    <IdentityHostContext value={host}>
      <IdentitySteps />
    </IdentityHostContext>
  )
}
