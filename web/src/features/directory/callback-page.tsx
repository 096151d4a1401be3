import { Button, Loader, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AuthPage } from '@/features/account/auth-page'
import { ProblemAlert } from '@/ui/problem-alert'
import { finishSignIn } from './api'
import { callbackFrom } from './callback-query'
import { cameFrom } from './sign-in'
import { StaffFacts } from './staff-facts'

/** Where a directory sends the browser back to: its answer is handed to the server once, and leaves the address bar. */
export function CallbackPage() {
  const { t } = useTranslation('directory')
  const [callback] = useState(() => callbackFrom(window.location.search))
  const back = cameFrom()
  // A query, so that rendering twice does not spend the answer twice.
  const finished = useQuery({
    queryKey: ['directory-callback', callback?.state],
    queryFn: () => finishSignIn(callback ?? { state: '' }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: callback !== null,
  })
  useEffect(() => window.history.replaceState(window.history.state, '', window.location.pathname), [])

  // A new page: what it came from is loaded anew, with what the directory said.
  const leave = (
    <Button component="a" href={back} variant={finished.data ? 'filled' : 'default'}>
      {t(back.startsWith('/sign/') ? 'callback.to_signing' : 'callback.back')}
    </Button>
  )
  if (callback === null || finished.error) {
    return (
      <AuthPage title={t('callback.failed')}>
        <Stack gap="md">
          {callback === null ? <Text>{t('callback.incomplete')}</Text> : null}
          <ProblemAlert error={finished.error} takeFocus />
          <Text>{t('callback.what_now')}</Text>
          {leave}
        </Stack>
      </AuthPage>
    )
  }
  if (!finished.data) {
    return (
      <AuthPage title={t('callback.title')}>
        <Stack gap="md" align="center" role="status">
          <Loader />
          <Text>{t('callback.checking')}</Text>
        </Stack>
      </AuthPage>
    )
  }
  const { organization, proof } = finished.data
  return (
    <AuthPage title={t('callback.done', { organization })}>
      <Stack gap="md">
        <div role="status">
          <StaffFacts proof={proof} organization={organization} />
        </div>
        {leave}
      </Stack>
    </AuthPage>
  )
}
