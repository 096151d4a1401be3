import { useRef, useState } from 'react'
import { useSigning } from '@/features/signing/signing-context'
import { useCountdown } from '@/features/signing/use-countdown'

/** The PIN at the last step. An empty one is never sent: the server would count it as a wrong one. */
export function usePin() {
  const { ceremony } = useSigning()
  const [pin, setPin] = useState('')
  const [missing, setMissing] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const locked = useCountdown(ceremony.key.locked_until) > 0
  const type = (typed: string) => {
    setPin(typed)
    setMissing(false)
  }
  /** Whether a PIN was typed; else the field says so. */
  const typed = () => {
    const there = pin.trim() !== ''
    setMissing(!there)
    if (!there) input.current?.focus()
    return there
  }
  /** Empties the field for another try. */
  const anew = () => {
    setPin('')
    input.current?.focus()
  }
  return { pin, type, typed, anew, missing, locked, input }
}
