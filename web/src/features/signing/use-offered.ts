import { useState } from 'react'
import type { Activation } from '@/api/types'
import { currentLocale } from '@/i18n/i18n'
import { offerActivation, signActivation } from './api'
import { signOnDevice } from './device-key'
import { agreeTo } from './passkey'
import { useSigning } from './signing-context'
import { useAct } from './use-ceremony'

interface Typed {
  pin: string
  code: string
}

/** Signing in two steps: the server says what exactly will be signed (and sends a code); then it is agreed to. */
export function useOffered() {
  const { rcp, ceremony } = useSigning()
  const [activation, setActivation] = useState<Activation | null>(null)
  const offer = useAct(rcp, async () => {
    setActivation(await offerActivation(rcp, currentLocale(), ceremony))
    return ceremony
  })
  const sign = useAct(rcp, async ({ pin, code }: Typed) => {
    const offered = activation ?? (await offerActivation(rcp, currentLocale(), ceremony))
    const typed = code ? { code } : {}
    if (offered.passkey) {
      return signActivation(rcp, offered.id, { ...typed, credential: await agreeTo(offered, offered.passkey) })
    }
    if (offered.to_be_signed) {
      const signature = await signOnDevice(offered.canonical, offered.to_be_signed)
      return signActivation(rcp, offered.id, { ...typed, signature })
    }
    return signActivation(rcp, offered.id, { ...typed, pin })
  })
  return { activation, forget: () => setActivation(null), offer, sign }
}
