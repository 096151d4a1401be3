import type { ImpressionInput } from '@/api/types'
import { adoptImpression, makeImpression } from '@/features/signing/api'
import { useSigning } from '@/features/signing/signing-context'
import { useAct } from '@/features/signing/use-ceremony'

export interface Adopt {
  make: (input: ImpressionInput) => void
  choose: (id: string) => void
  pending: boolean
  error: unknown
}

/** Makes a signature or seal, or takes a saved one, and goes on. */
export function useAdopt(): Adopt {
  const { rcp, go } = useSigning()
  const make = useAct(rcp, (input: ImpressionInput) => makeImpression(rcp, input))
  const choose = useAct(rcp, (id: string) => adoptImpression(rcp, id))
  return {
    make: (input) => make.mutate(input, { onSuccess: ({ step }) => go(step) }),
    choose: (id) => choose.mutate(id, { onSuccess: ({ step }) => go(step) }),
    pending: make.isPending || choose.isPending,
    error: make.error ?? choose.error,
  }
}
