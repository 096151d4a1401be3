import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import classes from './impression.module.css'
import { svgAddress } from './svg-address'

interface ImpressionImageProps {
  impression: { kind?: string; svg: string; width_mm: number; height_mm: number }
  /** Draws it as large as on paper, where the screen has the room. */
  trueSize?: boolean
}

/** A signature or seal as the server drew it. A seal has its size on the page; a signature is fitted into each field. */
export function ImpressionImage({ impression, trueSize = false }: ImpressionImageProps) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { svg, width_mm, height_mm, kind } = impression
  const seal = kind?.startsWith('seal') ?? false
  return (
    <figure className={classes.figure}>
      <img
        src={svgAddress(svg)}
        alt={t(seal ? 'impression.seal_alt' : 'impression.drawn_alt')}
        style={
          trueSize || seal ? { width: `${width_mm}mm`, height: 'auto' } : { aspectRatio: `${width_mm} / ${height_mm}` }
        }
      />
      {seal ? (
        <figcaption>
          {t('impression.size_mm', {
            width: format.number(Math.round(width_mm)),
            height: format.number(Math.round(height_mm)),
          })}
        </figcaption>
      ) : null}
    </figure>
  )
}
