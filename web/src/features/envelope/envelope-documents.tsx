import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { documentUrl, proofUrl } from '@/api/envelopes'
import type { Envelope, EnvelopeDocument } from '@/api/types'
import { useFormat } from '@/i18n/format'
import { PdfView } from '@/pdf/pdf-view'
import { shortHash } from './draft-document'
import classes from './envelope-page.module.css'

export function EnvelopeDocuments({ envelope }: { envelope: Envelope }) {
  const { t } = useTranslation('envelope')
  return (
    <section aria-labelledby="documents-title">
      <h2 id="documents-title" className={classes.heading}>
        {t('page.documents')}
      </h2>
      <div className={classes.card}>
        {envelope.documents.map((document) => (
          <DocumentLine key={document.id} envelope={envelope} document={document} />
        ))}
        {envelope.status === 'completed' ? (
          <div className={classes.document}>
            <p className={`${classes.grow} ${classes.small}`}>{t('page.proof_hint')}</p>
            <Button component="a" href={proofUrl(envelope.id)} download variant="default" size="sm">
              {t('page.proof')}
            </Button>
          </div>
        ) : null}
      </div>
    </section>
  )
}

function DocumentLine({ envelope, document }: { envelope: Envelope; document: EnvelopeDocument }) {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
  const format = useFormat()
  // Another revision is another picture: its number is part of the address.
  const newest = document.revisions.at(-1)?.number
  return (
    <div className={classes.document}>
      <div className={classes.thumb} aria-hidden="true">
        <PdfView
          src={documentUrl(envelope.id, document.id, { revision: newest })}
          pages={document.page_sizes.slice(0, 1)}
          maxWidth={52}
        />
      </div>
      <div className={classes.grow}>
        <strong className={classes.fileName}>{document.name}</strong>
        <div className={classes.small}>
          {t('document.facts', {
            count: document.pages,
            pages: format.number(document.pages),
            size: format.bytes(document.size),
          })}{' '}
          · SHA-256 <code title={document.sha256}>{shortHash(document.sha256)}</code> ·{' '}
          {t('document.revisions', { count: document.revisions.length })}
        </div>
        <details className={classes.details}>
          <summary>{t('document.all_revisions')}</summary>
          <ol className={classes.revisions}>
            {document.revisions.map((revision) => (
              <li key={revision.number}>
                <a href={documentUrl(envelope.id, document.id, { revision: revision.number, download: true })} download>
                  {t(`document.revision.${revision.kind}`)}
                </a>
                <span>
                  {format.zonedDateTime(revision.at)} · {format.bytes(revision.size)}
                </span>
                <code className={classes.hash}>{revision.sha256}</code>
              </li>
            ))}
          </ol>
        </details>
      </div>
      <Button component="a" href={documentUrl(envelope.id, document.id)} target="_blank" variant="default" size="sm">
        {common('open')}
      </Button>
    </div>
  )
}
