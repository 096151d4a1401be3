import { Button } from '@mantine/core'
import { IconCheck, IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AdministerCard } from '@/features/directory/administer-card'
import { LinkCard } from '@/features/identity/link-card'
import { seals } from '@/features/signing/document/seals'
import { commonName } from '@/features/signing/identity/common-name'
import { useFormat } from '@/i18n/format'
import { TrustBar } from '@/ui/trust-bar'
import { documentUrl, proofUrl } from './api'
import type { Ceremony } from './ceremony-types'
import { Screen } from './screen'
import classes from './signing.module.css'
import { useSigning } from './signing-context'

/** Signed: the facts, the file, and the way to check it. */
export function DoneScreen() {
  const { t } = useTranslation('signing')
  const { rcp, ceremony } = useSigning()
  const { recipient, organization, envelope, result } = ceremony
  const company = organization?.name ?? recipient.organization ?? recipient.name
  const who = seals(recipient) ? 'organization' : recipient.as_agent ? 'agent' : 'person'
  return (
    <Screen
      title={t(`done.title_${who}`, { organization: company })}
      mark={
        <div className={classes.endMark} data-tone="jade" aria-hidden="true">
          <IconCheck size={32} />
        </div>
      }
      lead={
        <p role="status">
          {t(leadOf(ceremony))} {ceremony.waiting_for ? t('done.waiting_for', { name: ceremony.waiting_for }) : null}
        </p>
      }
    >
      {result ? <DoneFacts ceremony={ceremony} result={result} /> : null}
      {envelope.status === 'completing' ? <p className={classes.hint}>{t('done.finishing')}</p> : <Downloads />}
      <Button component={Link} to="/verify" variant="default">
        {t('done.verify')}
      </Button>
      {recipient.kind === 'organization' ? <AdministerCard /> : null}
      <LinkCard />
      {ceremony.identity.state === 'verified' ? (
        <Button component={Link} to={`/keys/${rcp}`} variant="subtle" color="gray" c="gray.9">
          {t('my_keys.open')}
        </Button>
      ) : null}
      <TrustBar trust={envelope.trust} />
    </Screen>
  )
}

function leadOf({ envelope, result }: Ceremony) {
  if (result?.completed) return 'done.lead_completed'
  return envelope.status === 'completing' ? 'done.lead_completing' : 'done.lead_waiting'
}

/** The file as it stands: with the signatures so far, or finished. */
function Downloads() {
  const { t } = useTranslation('signing')
  const { rcp, ceremony } = useSigning()
  return ceremony.envelope.documents.map((document) => (
    <div key={document.id} className={classes.stack} style={{ gap: 8 }}>
      <Button
        component="a"
        href={documentUrl(rcp, document.id, true)}
        download
        leftSection={<IconDownload size={20} aria-hidden />}
      >
        {t('done.download')}
      </Button>
      <Button component="a" href={proofUrl(rcp)} download variant="default">
        {t('done.proof')}
      </Button>
      <p className={classes.hint}>{t('done.proof_hint')}</p>
      <p className={classes.hint}>{t('done.keep')}</p>
      <p className={classes.hint}>{t('done.in_app')}</p>
    </div>
  ))
}

function DoneFacts({ ceremony, result }: { ceremony: Ceremony; result: NonNullable<Ceremony['result']> }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { certificate, envelope } = ceremony
  return (
    <section className={classes.card}>
      <h2 className={classes.cardTitle}>{envelope.title || t('request.untitled')}</h2>
      <dl className={classes.facts}>
        <dt>{t('done.signed_at')}</dt>
        <dd>{format.zonedDateTime(result.signed_at)}</dd>
        {result.time_stamp ? (
          <>
            <dt>{t('done.time')}</dt>
            <dd>
              {format.zonedDateTime(result.time_stamp)}
              {envelope.trust === 'test' ? <span className={classes.sub}>{t('done.time_test')}</span> : null}
            </dd>
          </>
        ) : null}
        {certificate ? (
          <>
            <dt>{t('done.certificate')}</dt>
            <dd>
              {commonName(certificate.subject)}
              <span className={classes.sub}>{commonName(certificate.issuer)}</span>
              <span className={classes.mono}>{certificate.serial}</span>
            </dd>
          </>
        ) : null}
        {ceremony.key.passkey ? (
          <>
            <dt>{t('done.passkey')}</dt>
            <dd className={classes.mono}>{ceremony.key.passkey}</dd>
          </>
        ) : null}
        <dt>{t('done.level')}</dt>
        <dd>{result.level}</dd>
        <dt>{t('done.digest')}</dt>
        <dd className={classes.mono}>{result.document_sha256}</dd>
      </dl>
    </section>
  )
}
