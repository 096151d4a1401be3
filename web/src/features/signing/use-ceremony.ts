import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ApiProblem } from '@/api/problem'
import { suggestLocale } from '@/i18n/i18n'
import { rememberedLocale } from '@/i18n/locale'
import { loadCeremony, openLink } from './api'
import type { Ceremony } from './ceremony-types'
import { isEnded } from './steps'

const shortestToken = 20
/** Answers after which the page no longer knows where the ceremony stands. */
const stale = [
  'session_missing',
  'step_not_ready',
  'not_your_turn',
  'document_changed',
  'envelope_state',
  'key_locked',
  'payment_locked',
]

/** States of an organization in which somebody else has to act. */
const waitsForOthers: readonly string[] = ['payment_requested', 'leader_asked', 'letter_submitted']

export const keyOf = (recipient: string) => ['ceremony', recipient] as const

/** The link's secret, while it still stands in the address bar. */
function tokenInAddress(): string | null {
  const fragment = window.location.hash.slice(1)
  return fragment.length >= shortestToken ? fragment : null
}

/** The secret leaves the address bar, and with it the history, once the cookie stands for it. */
function removeToken() {
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
}

async function enter(recipient: string): Promise<Ceremony> {
  const token = tokenInAddress()
  if (!token) return loadCeremony(recipient)
  const ceremony = await openLink(recipient, token)
  removeToken()
  return ceremony
}

/** The ceremony as the server tells it; asked again on return to the tab, and now and then while others sign. */
export function useCeremony(recipient: string) {
  const query = useQuery({
    queryKey: keyOf(recipient),
    queryFn: () => enter(recipient),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && mayMoveOnItsOwn(state.data) ? pauseOf(state.data) : false),
  })

  const { refetch } = query
  useEffect(() => {
    const onHash = () => {
      if (tokenInAddress()) void refetch()
    }
    window.addEventListener('hashchange', onHash)
    return () => window.removeEventListener('hashchange', onHash)
  }, [refetch])

  const locale = query.data?.recipient.locale
  useEffect(() => {
    const asked = new URLSearchParams(window.location.search).has('lang')
    if (locale && !asked && !rememberedLocale()) void suggestLocale(locale)
  }, [locale])

  return query
}

/** Others take their time; the server does not. */
function pauseOf(ceremony: Ceremony): number {
  return ceremony.envelope.status === 'completing' ? 3_000 : 15_000
}

function mayMoveOnItsOwn(ceremony: Ceremony): boolean {
  if (ceremony.key.state === 'pending') return true
  if (ceremony.step === 'organization') return waitsForOthers.includes(ceremony.organization?.state ?? '')
  if (ceremony.step === 'done') return !ceremony.result?.completed
  return isEnded(ceremony.step) && ceremony.step === 'waiting'
}

/** An act of the signer: its answer is the new ceremony; where it shows that ours is old, it is asked again. */
export function useAct<Input = void>(recipient: string, act: (input: Input) => Promise<Ceremony>) {
  const client = useQueryClient()
  return useMutation<Ceremony, unknown, Input>({
    mutationFn: act,
    onMutate: () => client.cancelQueries({ queryKey: keyOf(recipient) }),
    onSuccess: (ceremony) => client.setQueryData(keyOf(recipient), ceremony),
    onError: (error) => {
      // A wrong answer has cost a try, which stands in the ceremony too.
      const triedInVain = error instanceof ApiProblem && error.problem.params?.tries_left !== undefined
      if (triedInVain || (error instanceof ApiProblem && stale.includes(error.code))) {
        void client.invalidateQueries({ queryKey: keyOf(recipient) })
      }
    },
  })
}
