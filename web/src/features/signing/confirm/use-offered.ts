import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Activation, WillChoice, WillOffered } from '@/api/types'
import { askWillPasskey, offerActivation, pollWill, registerWillPasskey, signActivation } from '@/features/signing/api'
import { signOnDevice } from '@/features/signing/key/device-key'
import { agreeTo, registerPasskey } from '@/features/signing/key/passkey'
import { useSigning } from '@/features/signing/signing-context'
import { useAct } from '@/features/signing/use-ceremony'
import { currentLocale } from '@/i18n/i18n'
import { useEffectWords } from './effect-words'
import { mustBeShown } from './shown'

interface Typed {
  pin: string
  code: string
}

const pause = 2_500
const longPause = 10_000

/** Signing in two steps: the server says what exactly will be signed and has the will confirmed; then it is agreed to. */
export function useOffered() {
  const { rcp, ceremony } = useSigning()
  const words = useEffectWords()
  const shown = { documents: ceremony.envelope.documents, words, language: currentLocale() }
  const [activation, setActivation] = useState<Activation | null>(() => recall(rcp))
  const keep = (offered: Activation | null) => {
    setActivation(offered)
    remember(rcp, offered)
  }
  const offer = useAct(rcp, async (way: WillOffered) => {
    let shown = ceremony
    if (way.by === 'passkey' && !way.registered) {
      const options = await askWillPasskey(rcp)
      shown = await registerWillPasskey(rcp, {
        id: options.id,
        credential: (await registerPasskey(options)).credential,
      })
    }
    keep(await offerActivation(rcp, currentLocale(), shown, choice(way, shown.identity.consents.version)))
    return shown
  })
  const poll = useQuery({
    queryKey: ['will', activation?.id],
    queryFn: () => pollWill(rcp, activation?.id ?? ''),
    enabled: activation?.will?.by === 'face' && activation.will.state === 'open',
    refetchInterval: ({ state }) => (state.error ? longPause : pause),
    refetchIntervalInBackground: true,
    retry: false,
    gcTime: 0,
  })
  const answer = poll.data
  useEffect(() => {
    if (answer && answer.state !== 'open') setActivation((held) => (held ? { ...held, will: answer } : held))
  }, [answer])
  const sign = useAct(rcp, async ({ pin, code }: Typed) => {
    const offered = activation ?? (await offerActivation(rcp, currentLocale(), ceremony))
    if (offered.passkey || offered.to_be_signed || offered.will?.passkey) {
      await mustBeShown(rcp, offered.canonical, shown)
    }
    const typed = code ? { code } : {}
    if (offered.passkey) {
      return signActivation(rcp, offered.id, { ...typed, credential: await agreeTo(offered, offered.passkey) })
    }
    const asked = offered.will?.state === 'open' ? offered.will.passkey : null
    const brought = asked ? { ...typed, credential: await agreeTo(offered, asked) } : typed
    if (offered.to_be_signed) {
      const signature = await signOnDevice(offered.canonical, offered.to_be_signed)
      return signActivation(rcp, offered.id, { ...brought, signature })
    }
    return signActivation(rcp, offered.id, { ...brought, pin })
  })
  /** The server looks at the will first: what it refuses after that leaves the will confirmed. */
  const willed = () =>
    setActivation((held) => (held?.will ? { ...held, will: { ...held.will, state: 'passed' } } : held))
  return { activation, forget: () => keep(null), willed, offer, sign, poll }
}

function choice({ by, methods }: WillOffered, version: string): WillChoice {
  const method = methods[0]
  if (by !== 'face' || !method) return { by }
  return { by, method, consent: { version, locale: currentLocale(), face: true } }
}

const place = (rcp: string) => `activation:${rcp}`

/** The way back from a provider's page loads this page anew: the face that was shown there belongs to this activation. */
function remember(rcp: string, offered: Activation | null) {
  if (offered?.will?.by === 'face') sessionStorage.setItem(place(rcp), JSON.stringify(offered))
  else sessionStorage.removeItem(place(rcp))
}

function recall(rcp: string): Activation | null {
  const kept = sessionStorage.getItem(place(rcp))
  if (!kept) return null
  const offered = JSON.parse(kept) as Activation
  return new Date(offered.expires_at).getTime() > Date.now() ? offered : null
}
