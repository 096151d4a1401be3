import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { envelopeQuery } from '@/api/envelopes'
import type { Envelope } from '@/api/types'

/** The envelope as the server last said it, and how to keep a newer answer. */
export function useEnvelope(id: string) {
  const queryClient = useQueryClient()
  const { data: envelope } = useSuspenseQuery(envelopeQuery(id))
  const keep = useCallback(
    (answer: Envelope) => {
      queryClient.setQueryData(envelopeQuery(answer.id).queryKey, answer)
      void queryClient.invalidateQueries({ queryKey: ['envelopes'] })
    },
    [queryClient],
  )
  return { envelope, keep }
}
