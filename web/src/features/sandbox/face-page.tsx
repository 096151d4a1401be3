import { Button, Skeleton, Stack } from '@mantine/core'
import { IconCamera } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, data } from '@/api/client'
import type { FaceOutcome, SandboxFace } from '@/api/types'
import { Page } from '@/ui/page'
import { ProblemAlert } from '@/ui/problem-alert'
import { SiteHeader } from '@/ui/site-header'
import { TrustBar } from '@/ui/trust-bar'
import classes from './sandbox.module.css'
import { Unavailable } from './unavailable'

const outcomes = ['passed', 'somebody_else', 'photograph', 'left'] as const satisfies readonly FaceOutcome[]

/** The sandbox's camera: one says what stands before it. No picture is taken. */
export function FacePage({ transaction }: { transaction: string }) {
  const { t } = useTranslation('sandbox')
  const client = useQueryClient()
  const params = { path: { transaction } }
  const queryKey = ['sandbox', 'face', transaction]
  const face = useQuery({
    queryKey,
    queryFn: () => data(api.GET('/api/v1/sandbox/faces/{transaction}', { params })),
    retry: false,
  })
  const play = useMutation({
    mutationFn: (outcome: FaceOutcome) =>
      data(api.POST('/api/v1/sandbox/faces/{transaction}', { params, body: { outcome } })),
    onSuccess: (played) => client.setQueryData(queryKey, played),
  })

  return (
    <>
      <SiteHeader title={t('face.title')} />
      <Page title={t('face.title')} lead={t('face.lead')} hideTitle={face.isError}>
        {face.isError ? <Unavailable error={face.error} what="sandbox" /> : null}
        {face.isPending ? <Skeleton height={240} radius="lg" /> : null}
        {face.data ? (
          <>
            <TrustBar trust="test">{t('bar.sandbox')}</TrustBar>
            <div className={classes.camera}>
              <IconCamera size={56} aria-hidden />
              <p>{t(`face.who_${wayOf(face.data)}`, { name: face.data.name_masked })}</p>
              <ProblemAlert error={play.error} takeFocus />
              {face.data.open ? (
                <Stack gap="sm" w="100%" maw={360}>
                  {outcomes.map((outcome) => (
                    <Button
                      key={outcome}
                      size="md"
                      variant={outcome === 'passed' ? 'filled' : 'default'}
                      loading={play.isPending && play.variables === outcome}
                      onClick={() => play.mutate(outcome)}
                    >
                      {t(`face.play_${outcome}`)}
                    </Button>
                  ))}
                </Stack>
              ) : (
                <Ended face={face.data} />
              )}
            </div>
          </>
        ) : null}
      </Page>
    </>
  )
}

const wayOf = ({ method }: SandboxFace) => (method === 'face_wechat' ? 'wechat' : 'alipay')

function Ended({ face }: { face: SandboxFace }) {
  const { t } = useTranslation('sandbox')
  return (
    <>
      <p role="status">
        <strong>{t(face.outcome ? `face.done_${face.outcome}` : 'face.expired')}</strong>
      </p>
      <p className={classes.hint}>{t('face.go_back')}</p>
      {face.return_url ? (
        <Button component="a" href={face.return_url} variant="default">
          {t('face.back')}
        </Button>
      ) : null}
    </>
  )
}
