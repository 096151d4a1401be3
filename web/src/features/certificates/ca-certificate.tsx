import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { askChange, caCertificateQuery } from '@/api/certificates'
import type { IssuedCertificate, RevocationReason, StatusAction } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { Dialog } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { CertificateFacts, CertificateHead } from './certificate-facts'
import classes from './certificates.module.css'
import { ChangeDialog } from './change-dialog'
import { eventWord, officeReasons } from './words'

const subscribers = ['person', 'organization', 'agent']

/** One certificate, its history, and what one administrator may ask another to agree to. */
export function CaCertificate({ certificate }: { certificate: IssuedCertificate }) {
  const { t } = useTranslation('certificate')
  const queryClient = useQueryClient()
  const [action, setAction] = useState<StatusAction | null>(null)
  const [opened, { open, close }] = useDisclosure(false)
  const { status } = certificate
  const act = async (asked: StatusAction, reason: RevocationReason) => {
    await askChange(certificate.id, asked, asked === 'revoke' ? reason : undefined)
    await queryClient.invalidateQueries({ queryKey: ['ca'] })
  }
  const change = (asked: StatusAction) => (
    <Button variant="default" onClick={() => setAction(asked)}>
      {t(`${asked}.ask`)}
    </Button>
  )
  // The platform's own keys are changed from the command line.
  const changeable = subscribers.some((kind) => certificate.profile.startsWith(kind))
  return (
    <li className={classes.card}>
      <CertificateHead certificate={certificate} />
      <CertificateFacts certificate={certificate} />
      <div className={classes.acts}>
        <Button variant="default" onClick={open}>
          {t('history.open')}
        </Button>
        {changeable && status === 'valid' ? change('suspend') : null}
        {changeable && status === 'suspended' ? change('release') : null}
        {changeable && (status === 'valid' || status === 'suspended') ? change('revoke') : null}
      </div>
      {opened ? <History certificate={certificate} close={close} /> : null}
      <ChangeDialog
        certificate={certificate}
        action={action}
        reasons={officeReasons}
        asks
        act={act}
        close={() => setAction(null)}
      />
    </li>
  )
}

function History({ certificate, close }: { certificate: IssuedCertificate; close: () => void }) {
  const { t } = useTranslation('certificate')
  const format = useFormat()
  const detail = useQuery(caCertificateQuery(certificate.id))
  return (
    <Dialog opened close={close} title={t('history.title', { name: certificate.name })}>
      <ProblemAlert error={detail.error} />
      <ol className={classes.events}>
        {detail.data?.events.map((event) => {
          const word = eventWord(event.kind)
          return (
            <li key={event.seq}>
              <span className={classes.eventName}>{word ? t(`event.${word}`) : event.kind}</span>
              <span className={classes.eventFacts}>
                {format.zonedDateTime(event.at)}
                {event.actor.name_masked ? ` · ${event.actor.name_masked}` : ''}
              </span>
            </li>
          )
        })}
      </ol>
      {detail.data?.certificate.fingerprint ? (
        <p className={classes.hint}>
          SHA-256 <span className={classes.hex}>{detail.data.certificate.fingerprint}</span>
        </p>
      ) : null}
      <p className={classes.hint}>{t('history.kept', { until: format.date(certificate.kept_until) })}</p>
      {detail.data?.pem ? (
        <a
          href={`data:application/x-pem-file,${encodeURIComponent(detail.data.pem)}`}
          download={`${certificate.serial}.pem`}
        >
          {t('history.download')}
        </a>
      ) : null}
    </Dialog>
  )
}
