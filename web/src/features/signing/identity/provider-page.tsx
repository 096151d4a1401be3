import { useTranslation } from 'react-i18next'
import type { IdentityState } from '@/features/signing/ceremony-types'
import classes from '@/features/signing/signing.module.css'
import own from './identity.module.css'

export type Page = NonNullable<IdentityState['page']>

/** A provider's page as a QR code, for another device. */
export function ProviderQr({ page }: { page: Page }) {
  const { t } = useTranslation('signing')
  return (
    <figure className={own.qr}>
      <svg
        viewBox={`-2 -2 ${page.qr_size + 4} ${page.qr_size + 4}`}
        role="img"
        aria-label={t(`identity.wait.qr_${page.opens_in}`)}
        shapeRendering="crispEdges"
      >
        <path d={page.qr_path} />
      </svg>
      <figcaption className={classes.hint}>{t(`identity.wait.qr_${page.opens_in}`)}</figcaption>
    </figure>
  )
}
