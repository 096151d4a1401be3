import { Navigate, useNavigate, useParams } from '@tanstack/react-router'
import { type ComponentType, Suspense, useState } from 'react'
import { toProblem } from '@/api/problem'
import type { Step } from './ceremony-types'
import { ConsentScreen } from './consent-screen'
import { DoneScreen } from './done-screen'
import { DeclinedScreen, ExpiredScreen, VoidedScreen, WaitingScreen } from './ended-screens'
import { lazyScreen } from './lazy-screen'
import { LinkProblem } from './link-problem'
import { RequestScreen } from './request-screen'
import { SigningContext } from './signing-context'
import { SigningFrame } from './signing-frame'
import { SigningLoading } from './signing-loading'
import { shownStep } from './steps'
import { useCeremony } from './use-ceremony'

const IdentityScreen = lazyScreen(
  async () => (await import('@/features/signing/identity/identity-screen')).IdentityScreen,
)
const OrganizationScreen = lazyScreen(
  async () => (await import('@/features/signing/organization/organization-screen')).OrganizationScreen,
)
const DocumentScreen = lazyScreen(
  async () => (await import('@/features/signing/document/document-screen')).DocumentScreen,
)
const ImpressionScreen = lazyScreen(
  async () => (await import('@/features/impression/impression-screen')).ImpressionScreen,
)
const KeyScreen = lazyScreen(async () => (await import('@/features/signing/key/key-screen')).KeyScreen)
const ConfirmScreen = lazyScreen(async () => (await import('@/features/signing/confirm/confirm-screen')).ConfirmScreen)
// Dialogs come when they are asked for: they are larger than the first screens together.
const DeclineDialog = lazyScreen(async () => (await import('./decline-dialog')).DeclineDialog)

const screens: Record<Step, ComponentType> = {
  request: RequestScreen,
  consent: ConsentScreen,
  identity: IdentityScreen,
  organization: OrganizationScreen,
  document: DocumentScreen,
  impression: ImpressionScreen,
  key: KeyScreen,
  confirm: ConfirmScreen,
  done: DoneScreen,
  waiting: WaitingScreen,
  declined: DeclinedScreen,
  voided: VoidedScreen,
  expired: ExpiredScreen,
}

/** After these the link itself has to be opened again, whatever is on the screen. */
const shutOut = ['session_missing', 'link_invalid', 'link_expired', 'not_found']

/** The ceremony: shows the step of the address where the server agrees, and goes to the server's step where not. */
export function SigningPage() {
  const { recipient = '', step } = useParams({ strict: false })
  const ceremony = useCeremony(recipient)
  const [declining, setDeclining] = useState(false)
  const navigate = useNavigate()

  if (ceremony.error && (!ceremony.data || shutOut.includes(toProblem(ceremony.error).code))) {
    return <LinkProblem error={ceremony.error} retry={() => void ceremony.refetch()} />
  }
  if (!ceremony.data) return <SigningLoading />

  const shown = shownStep(step, ceremony.data)
  if (shown !== step) {
    return <Navigate to="/sign/$recipient/$step" params={{ recipient, step: shown }} replace />
  }
  const Screen = screens[shown]
  const go = (next: Step) => void navigate({ to: '/sign/$recipient/$step', params: { recipient, step: next } })
  const askDecline = () => setDeclining(true)
  return (
    <SigningContext.Provider value={{ rcp: recipient, ceremony: ceremony.data, go, askDecline }}>
      <SigningFrame shown={shown}>
        <Suspense fallback={<SigningLoading inFrame />}>
          <Screen key={shown} />
        </Suspense>
      </SigningFrame>
      <Suspense fallback={null}>
        {declining ? <DeclineDialog opened close={() => setDeclining(false)} /> : null}
      </Suspense>
    </SigningContext.Provider>
  )
}
