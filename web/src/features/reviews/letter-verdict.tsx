import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { loadVerdict } from '@/api/reviews'
import { currentLocale } from '@/i18n/i18n'
import { Chip } from '@/ui/chip'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './reviews.module.css'

/** What this server finds in the electronic signatures of a letter: who signed, whether it holds, as what. */
export function LetterVerdict({ id, image }: { id: string; image: string }) {
  const { t } = useTranslation('review')
  const locale = currentLocale()
  const verdict = useQuery({
    queryKey: ['review-verdict', id, image],
    queryFn: () => loadVerdict(id, image),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const found = verdict.data
  return (
    <section className={classes.verdict} aria-label={t('verdict.title')}>
      <h2 className={classes.heading}>{t('verdict.title')}</h2>
      <ProblemAlert error={verdict.error} />
      {verdict.isPending ? <Skeleton height={80} radius="md" /> : null}
      {found?.signers.length === 0 ? <p className={classes.text}>{t('verdict.none')}</p> : null}
      {found && found.signers.length > 0 ? (
        <>
          <ul className={classes.signers}>
            {found.signers.map((signer) => (
              <li key={signer.field}>
                <div className={classes.signer}>
                  <strong>{signer.name ?? t('verdict.nobody')}</strong>
                  <Chip tone={signer.holds ? 'jade' : 'seal'}>
                    {t(signer.holds ? 'verdict.holds' : 'verdict.fails')}
                  </Chip>
                </div>
                <p className={classes.text}>{t(`verdict.as.${signer.signs_as}`)}</p>
              </li>
            ))}
          </ul>
          <p className={classes.text}>{found.verification.summary[locale]}</p>
        </>
      ) : null}
    </section>
  )
}
