import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './signing.module.css'

export function SigningLoading({ inFrame = false }: { inFrame?: boolean }) {
  const { t } = useTranslation('signing')
  return (
    <main id="main" tabIndex={-1} className={`${classes.main} ${inFrame ? '' : classes.alone}`} aria-busy="true">
      <h1 className="visually-hidden">{t('loading')}</h1>
      <Skeleton height={30} width="60%" mb={16} />
      <Skeleton height={90} mb={14} radius="lg" />
      <Skeleton height={180} radius="lg" />
    </main>
  )
}
