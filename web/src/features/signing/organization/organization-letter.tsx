import { Button } from '@mantine/core'
import { IconFileDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { PendingReview } from '@/api/types'
import { addPicture, letterUrl, submitPictures, withdrawLetter } from '@/features/signing/api'
import type { Ceremony } from '@/features/signing/ceremony-types'
import { PicturesForm } from '@/features/signing/identity/pictures-form'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'

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
      host={{
        Frame: Screen,
        Bar: StepBar,
        useAct: useSigningAct,
        add: (part, picture) => addPicture(rcp, part, picture),
        submit: () => submitPictures(rcp),
      }}
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
          fullWidth
          mt="sm"
          leftSection={<IconFileDownload size={20} aria-hidden />}
        >
          {t('letter.download')}
        </Button>
      </section>
    </PicturesForm>
  )
}

/** An act of this ceremony's signer. */
function useSigningAct<Input = void>(act: (input: Input) => Promise<unknown>) {
  const { rcp } = useSigning()
  return useAct<Input>(rcp, (input) => act(input) as Promise<Ceremony>)
}
