import { Button, Skeleton } from '@mantine/core'
import { IconChecks } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { approveRequest, caRequestsQuery, refuseRequest } from '@/api/certificates'
import type { StatusRequest } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { EmptyState } from '@/ui/empty-state'
import { ProblemAlert } from '@/ui/problem-alert'
import { CertificateFacts } from './certificate-facts'
import classes from './certificates.module.css'
import { reasonWord } from './words'

/** What one administrator asked for and another decides. */
export function CaRequests() {
  const { t } = useTranslation('certificate')
  const requests = useQuery(caRequestsQuery)
  return (
    <>
      <p className={classes.hint}>{t('requests.lead')}</p>
      <ProblemAlert error={requests.error} />
      {requests.isPending ? <Skeleton height={180} radius="lg" /> : null}
      {requests.data?.items.length === 0 ? (
        <EmptyState icon={<IconChecks />} title={t('requests.empty')}>
          {t('requests.empty_text')}
        </EmptyState>
      ) : null}
      <ul className={classes.cards}>
        {requests.data?.items.map((request) => (
          <Request key={request.id} request={request} />
        ))}
      </ul>
    </>
  )
}

function Request({ request }: { request: StatusRequest }) {
  const { t } = useTranslation('certificate')
  const format = useFormat()
  const queryClient = useQueryClient()
  const decide = useMutation({
    mutationFn: (approve: boolean) => (approve ? approveRequest(request.id) : refuseRequest(request.id)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['ca'] }),
  })
  const reason = reasonWord(request.reason)
  const waits = !request.decision
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <div className={classes.names}>
          <h2 className={classes.name}>{t(`${request.action}.title`, { name: request.certificate.name })}</h2>
          <p className={classes.profile}>
            {t('requests.by', { email: request.requested_by, at: format.zonedDateTime(request.requested_at) })}
            {request.action === 'revoke' && reason ? ` · ${t(`reason.${reason}`)}` : null}
          </p>
        </div>
        <Chip tone={waits ? 'seal' : request.decision === 'approved' ? 'jade' : 'plain'}>
          {t(waits ? 'requests.waits' : request.decision === 'approved' ? 'requests.approved' : 'requests.refused')}
        </Chip>
      </div>
      <CertificateFacts certificate={request.certificate} />
      {request.decided_by && request.decided_at ? (
        <p className={classes.hint}>
          {t('requests.decided', { email: request.decided_by, at: format.zonedDateTime(request.decided_at) })}
        </p>
      ) : null}
      <ProblemAlert error={decide.error} mt="sm" takeFocus />
      {waits ? (
        <div className={classes.acts}>
          {request.can_decide ? (
            <Button loading={decide.isPending} onClick={() => decide.mutate(true)}>
              {t('requests.approve')}
            </Button>
          ) : (
            <p className={classes.hint}>{t('requests.second')}</p>
          )}
          <Button variant="default" loading={decide.isPending} onClick={() => decide.mutate(false)}>
            {t(request.can_decide ? 'requests.refuse' : 'requests.withdraw')}
          </Button>
        </div>
      ) : null}
    </li>
  )
}
