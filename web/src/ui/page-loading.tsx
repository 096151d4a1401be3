import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './page.module.css'

export function PageLoading() {
  const { t } = useTranslation()
  return (
    <main id="main" tabIndex={-1} className={`${classes.main} ${classes.medium}`} aria-busy="true">
      <h1 className="visually-hidden">{t('loading')}</h1>
      <Skeleton height={30} width="40%" mb={20} />
      <Skeleton height={180} mb={14} radius="lg" />
      <Skeleton height={120} radius="lg" />
    </main>
  )
}
