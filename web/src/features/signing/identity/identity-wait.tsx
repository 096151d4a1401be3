import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import classes from '@/features/signing/signing.module.css'
import { useCountdown } from '@/features/signing/use-countdown'
import { ProblemAlert } from '@/ui/problem-alert'
import { QuietButton } from '@/ui/quiet-button'
import { useIdentityAct, useIdentityHost } from './identity-host'
import { type Page, ProviderQr } from './provider-page'

const pause = 2_500
const longPause = 10_000

/** The check goes on at the provider's page: a link on this device, a QR code for another. Only the provider's answer to us ends it. */
export function IdentityWait({ page, onGiveUp }: { page: Page; onGiveUp: () => void }) {
  const { t } = useTranslation('signing')
  const { acts, queryKey, answered, Frame, Bar } = useIdentityHost()
  const client = useQueryClient()
  const left = useCountdown(page.until)
  const restart = useIdentityAct(acts.restart)
  const poll = useQuery({
    queryKey: ['identity-poll', page.url],
    queryFn: acts.poll,
    refetchInterval: ({ state }) => (state.error ? longPause : pause),
    refetchIntervalInBackground: true,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })

  const giveUp = () => {
    onGiveUp()
    restart.mutate(undefined)
  }

  const answer = poll.data
  useEffect(() => {
    if (!answer) return
    client.setQueryData(queryKey, answer)
    answered(answer)
  }, [answer, client, queryKey, answered])

  const open = page.app_link ?? page.url
  return (
    <Frame
      title={t(`identity.wait.title_${page.opens_in}`)}
      lead={<p>{t(`identity.wait.lead_${page.opens_in}`)}</p>}
      bar={
        <Bar>
          <Button component="a" href={open} target="_blank" rel="noreferrer">
            {t(`identity.wait.open_${page.opens_in}`)}
          </Button>
        </Bar>
      }
    >
      <SandboxHint hint="camera" />
      <ProblemAlert error={poll.error ?? restart.error} />
      <ProviderQr page={page} />
      <p role="status" className={classes.hint}>
        {t('identity.wait.goes_on')} {t('identity.wait.left', { count: Math.ceil(left / 60) })}
      </p>
      <QuietButton loading={restart.isPending} onClick={giveUp}>
        {t('identity.wait.other')}
      </QuietButton>
    </Frame>
  )
}
