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
} from './api'
import type { Ceremony } from './ceremony-types'
import { type IdentityHost, IdentityHostContext } from './identity-host'
import { IdentityRefused } from './identity-refused'
import { IdentitySteps } from './identity-steps'
import { Screen } from './screen'
import { useSigning } from './signing-context'
import { StepBar } from './step-bar'
import { keyOf } from './use-ceremony'

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
