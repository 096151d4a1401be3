import { useQuery, useQueryClient } from '@tanstack/react-query'
import { sessionQuery } from '@/api/account'
import type { Account } from '@/api/types'
import { suggestLocale } from '@/i18n/i18n'
import { rememberedLocale } from '@/i18n/locale'

export function useAccount(): Account | null | undefined {
  return useQuery(sessionQuery).data
}

/** Keeps what the server said about the session after log-in, log-out or a change of the account. */
export function useSetAccount() {
  const queryClient = useQueryClient()
  return async (account: Account | null) => {
    if (!account) queryClient.removeQueries({ predicate: (query) => String(query.queryKey[0]).startsWith('envelope') })
    // What one account may see of the authority is nobody else's.
    for (const queryKey of [['session', 'administrator'], ['certificates'], ['ca']])
      queryClient.removeQueries({ queryKey })
    queryClient.setQueryData(sessionQuery.queryKey, account)
    if (account && !rememberedLocale()) await suggestLocale(account.locale)
  }
}
