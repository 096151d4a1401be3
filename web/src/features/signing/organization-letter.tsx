import { Button } from '@mantine/core'
import { IconFileDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { letterUrl, withdrawLetter } from './api'
import { PicturesForm } from './pictures-form'
import classes from './signing.module.css'
import { useSigning } from './signing-context'
import { useAct } from './use-ceremony'

/** The letter: downloaded, sealed, brought back, and sent in. */
export function OrganizationLetter({ review }: { review: PendingReview }) {
  const { t } = useTranslation('signing')
  const { rcp } = useSigning()
  const withdraw = useAct(rcp, () => withdrawLetter(rcp))
  return (
    <PicturesForm
      review={review}
      title={t('letter.title')}
      lead={t('letter.lead')}
      asked={t('letter.asked')}
      other={t('letter.other')}
      giveUp={withdraw}
    >
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t('letter.download_title')}</h2>
        <div className={classes.prose}>
          <p>{t('letter.download_text')}</p>
        </div>
        <Button
          component="a"
          href={letterUrl(rcp)}
          download
          variant="default"
          leftSection={<IconFileDownload size={20} aria-hidden />}
        >
          {t('letter.download')}
        </Button>
      </section>
    </PicturesForm>
  )
}
