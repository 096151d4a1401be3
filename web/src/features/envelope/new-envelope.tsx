import { Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { createEnvelope, envelopeQuery } from '@/api/envelopes'
import { currentLocale } from '@/i18n/i18n'
import { Page } from '@/ui/page'
import { PageLoading } from '@/ui/page-loading'
import { ProblemAlert } from '@/ui/problem-alert'

/** Makes a draft and goes on to its first step: from then on everything has an address and is kept. */
export function NewEnvelope() {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const begun = useRef(false)
  const { mutate, error } = useMutation({
    mutationFn: () => createEnvelope({ locale: currentLocale() }),
    onSuccess: (envelope) => {
      queryClient.setQueryData(envelopeQuery(envelope.id).queryKey, envelope)
      return navigate({
        to: '/envelopes/$envelopeId/edit/documents',
        params: { envelopeId: envelope.id },
        replace: true,
      })
    },
  })

  useEffect(() => {
    if (begun.current) return
    begun.current = true
    mutate()
  }, [mutate])

  if (!error) return <PageLoading />
  return (
    <Page title={t('new')}>
      <ProblemAlert error={error}>
        <Group mt="md">
          <Button variant="default" onClick={() => mutate()}>
            {common('again')}
          </Button>
        </Group>
      </ProblemAlert>
    </Page>
  )
}
