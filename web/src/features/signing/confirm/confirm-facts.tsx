import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ImpressionImage } from '@/features/impression/impression-image'
import { fieldLabel } from '@/features/signing/document/field-label'
import { inReadingOrder, isImpressionField } from '@/features/signing/document/fields'
import { seals } from '@/features/signing/document/seals'
import { commonName } from '@/features/signing/identity/common-name'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { useFormat } from '@/i18n/format'

/** What is about to be signed, by whom, with what. */
export function ConfirmFacts() {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { ceremony, go } = useSigning()
  const { recipient, envelope, certificate, organization } = ceremony
  const impression = ceremony.impressions.find(({ id }) => id === ceremony.adopted)
  const company = organization?.name ?? recipient.organization
  const filled = inReadingOrder(ceremony.fields).filter((field) => !isImpressionField(field) && field.value)
  return (
    <>
      <section className={classes.card}>
        <dl className={classes.facts}>
          <dt>{t('confirm.document')}</dt>
          <dd>
            <strong>{envelope.title || t('request.untitled')}</strong>
            {envelope.documents.map((document) => (
              <span key={document.id} className={classes.sub}>
                {document.name} ·{' '}
                {t('request.document_facts', { count: document.pages, size: format.bytes(document.size) })}
              </span>
            ))}
          </dd>
          <dt>{t('confirm.signer')}</dt>
          <dd>
            <strong>{recipient.kind === 'organization' ? company : recipient.name}</strong>
            {recipient.kind === 'organization' ? (
              <span className={classes.sub}>{t('confirm.agent', { name: recipient.name })}</span>
            ) : null}
          </dd>
          {filled.map((field) => (
            <Fact key={field.id} name={fieldLabel(field, t)}>
              {field.type === 'date' ? format.date(`${field.value}T00:00`) : field.value}
            </Fact>
          ))}
          {certificate ? (
            <Fact name={t('confirm.certificate')}>
              {commonName(certificate.subject)}
              <span className={classes.sub}>
                {t('confirm.certificate_facts', {
                  serial: shortSerial(certificate.serial),
                  date: format.date(certificate.not_after),
                })}
              </span>
            </Fact>
          ) : null}
          {envelope.documents.map((document) => (
            <Fact key={document.id} name={t('confirm.digest')}>
              <span className={classes.mono}>{document.sha256}</span>
            </Fact>
          ))}
        </dl>
        <Button variant="subtle" size="sm" px={0} mt="xs" onClick={() => go('document')}>
          {t('confirm.read_again')}
        </Button>
      </section>
      {impression ? (
        <section className={classes.card}>
          <div className={classes.row}>
            <h2 className={classes.cardTitle}>
              {t(seals(recipient) ? 'confirm.impression_seal' : 'confirm.impression_signature')}
            </h2>
            <Button variant="default" size="sm" onClick={() => go('impression')}>
              {t('confirm.change')}
            </Button>
          </div>
          <ImpressionImage impression={impression} />
        </section>
      ) : null}
    </>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

export function shortSerial(serial: string): string {
  return serial.length > 16 ? `${serial.slice(0, 8)}…${serial.slice(-6)}` : serial
}
