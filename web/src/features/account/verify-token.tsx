import { Loader, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { verifyEmail } from '@/api/account'
import { LinkButton } from '@/ui/link-button'
import { ProblemAlert } from '@/ui/problem-alert'
import { useSetAccount } from './session'

/** Spends the token of a verification link once, logs in, and goes on to the envelopes. */
export function VerifyToken({ token }: { token: string }) {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const setAccount = useSetAccount()
  // A query, so that rendering twice does not spend the token twice.
  const verified = useQuery({
    queryKey: ['verify-email', token],
    queryFn: () => verifyEmail(token),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const account = verified.data

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each account that arrives
  useEffect(() => {
    if (!account) return
    void setAccount(account).then(() => navigate({ to: '/envelopes', replace: true }))
  }, [account])

  if (verified.error) {
    return (
      <Stack gap="md">
        <ProblemAlert error={verified.error} takeFocus />
        <LinkButton to="/login" variant="default">
          {t('verify.to_login')}
        </LinkButton>
      </Stack>
    )
  }
  return (
    <Stack gap="md" align="center" role="status">
      <Loader />
      <Text>{t('verify.checking')}</Text>
    </Stack>
  )
}
